import { ok } from 'node:assert'
import fc from 'fast-check'
import { createFlowFates } from '../../compiler/flows/flow-fates.ts'
import { clusters } from '../arbitraries/clusters.ts'
import { interestingConnections } from '../arbitraries/connections.ts'
import { policies } from '../arbitraries/policies.ts'
import { oracle } from '../oracle/oracle.ts'
import { namespaceOf, ownerOf } from '../oracle/owner-of.ts'
import type { RawCluster, RawNamespace, RawPod, RawPolicy } from '../oracle/raw-cluster.ts'
import { askedCluster } from './ask-cluster.ts'
import { recordedFlow } from './recorded-flows.ts'

/** What else is in the input after a change. */
export type Change =
  | 'nothing'
  | 'a policy goes'
  | 'a rule goes'
  | 'a policy comes'
  | 'a policy is another'
  | 'a namespace has other labels'
  | 'a namespace is declared or not'
  | 'a pod has other labels'

export interface AbsentEnd {
  readonly cluster: RawCluster
  readonly others: readonly RawPolicy[]
  readonly change: Change
  /** Which of each is meant. */
  readonly index: number
  /** Not even its name is known, only its address. */
  readonly isNameless: boolean
}

const CHANGES = [
  'nothing',
  'a policy goes',
  'a rule goes',
  'a policy comes',
  'a policy is another',
  'a namespace has other labels',
  'a namespace is declared or not',
  'a pod has other labels',
] as const

export const absentEnds: fc.Arbitrary<AbsentEnd> = fc.record({
  cluster: clusters(),
  others: policies,
  // Labels of namespaces matter least often.
  change: fc.constantFrom(...CHANGES, 'a rule goes', 'a namespace has other labels', 'a namespace is declared or not'),
  index: fc.nat({ max: 9 }),
  isNameless: fc.boolean(),
})

/** How often a change left a flow surely as it was, of how many nothing could be said, and how many of these it cut. */
export interface AbsentMet {
  readonly kept: number
  readonly unresolved: number
  readonly cut: number
}

/** Throws if a flow with an end that is in neither input is said to be kept, and the oracle, who knows that end, says that it is cut. */
export function absentEndsAreRight({ cluster, others, change, index, isNameless }: AbsentEnd): AbsentMet {
  const met = { kept: 0, unresolved: 0, cut: 0 }
  const absent = at(cluster.pods, index)
  if (absent === undefined) return met
  const changed = afterChange(cluster, others, change, index, namespaceOf(absent))
  const [was, is] = [oracle(cluster), oracle(changed)]
  const without = (raw: RawCluster): RawCluster => ({
    ...raw,
    pods: raw.pods.filter(({ metadata }) => metadata !== absent.metadata),
  })
  const inputs = { before: askedCluster(without(cluster)), after: askedCluster(without(changed)) }
  const known = new Map<string, boolean>()
  const isIt = (address: string): boolean => {
    const is =
      known.get(address) ??
      (ownerOf(address, cluster.pods) === absent && ownerOf(address, without(cluster).pods) === undefined)
    known.set(address, is)
    return is
  }
  const seen = interestingConnections(cluster, 240).filter(
    ({ source, destination }) => isIt(source) !== isIt(destination),
  )
  const flows = seen.map((one) => {
    const flow = recordedFlow(cluster, one)
    const unknown = (address: string) => ({ kind: 'unresolved', address }) as const
    if (!isNameless) return flow
    return isIt(one.source)
      ? { ...flow, source: unknown(one.source) }
      : { ...flow, destination: unknown(one.destination) }
  })
  const fateOf = createFlowFates(inputs, flows)
  for (const [position, one] of seen.entries()) {
    const flow = flows[position]
    if (flow === undefined) continue
    const fate = fateOf(flow)
    if (fate === 'not of the input') continue
    const isCut = was(one).allowed && !is(one).allowed
    if (fate === 'kept') {
      ok(!isCut, `${change}: said to be kept: ${JSON.stringify(one)}`)
      if (change !== 'nothing') met.kept += 1
    } else {
      ok(change !== 'nothing', `nothing has changed: ${JSON.stringify({ one, fate })}`)
      met.unresolved += 1
      if (isCut) met.cut += 1
    }
  }
  return met
}

/** `home`: the namespace of the end that is absent, whose labels are the ones that count. */
function afterChange(
  cluster: RawCluster,
  others: readonly RawPolicy[],
  change: Change,
  index: number,
  home: string,
): RawCluster {
  const { policies: standing, namespaces, pods } = cluster
  const [policy, other] = [at(standing, index), at(others, index)]
  const namespace = namespaces.find(({ metadata }) => metadata.name === home)
  const relabelled = <Kind extends RawNamespace | RawPod>(one: Kind, like: Kind): Kind => ({
    ...one,
    metadata: { ...one.metadata, labels: like.metadata.labels },
  })
  switch (change) {
    case 'nothing':
      return cluster
    case 'a policy goes':
      return { ...cluster, policies: standing.filter((one) => one !== policy) }
    case 'a rule goes':
      return { ...cluster, policies: standing.map((one) => withoutRule(one, index)) }
    case 'a policy comes':
      return { ...cluster, policies: [...standing, ...(other === undefined ? [] : [renamed(other, 'new')])] }
    case 'a policy is another':
      if (policy === undefined || other === undefined) return cluster
      return { ...cluster, policies: standing.map((one) => (one === policy ? { ...one, spec: other.spec } : one)) }
    case 'a namespace has other labels': {
      const like = at(
        namespaces.filter((one) => one !== namespace),
        index,
      )
      if (like === undefined) return cluster
      return {
        ...cluster,
        namespaces: namespaces.map((one) => (one === namespace ? withoutName(relabelled(one, like)) : one)),
      }
    }
    case 'a namespace is declared or not':
      return { ...cluster, namespaces: namespaces.filter((one) => one !== namespace) }
    case 'a pod has other labels': {
      const [pod, like] = [at(pods, index + 1), at(pods, index + 2)]
      if (pod === undefined || like === undefined || pod === at(pods, index)) return cluster
      return { ...cluster, pods: pods.map((one) => (one === pod ? relabelled(one, like) : one)) }
    }
  }
}

/** Not the name of another one. */
function withoutName(namespace: RawNamespace): RawNamespace {
  const labels = Object.entries(namespace.metadata.labels ?? {}).filter(([key]) => !key.startsWith('kubernetes.io/'))
  return { ...namespace, metadata: { ...namespace.metadata, labels: Object.fromEntries(labels) } }
}

/** Of each direction one of the rules, so that it isolates as before. */
function withoutRule(policy: RawPolicy, index: number): RawPolicy {
  const rest = <Rule>(rules: readonly Rule[] | null | undefined) =>
    rules?.filter((rule) => rule !== at(rules, index)) ?? null
  const { ingress, egress } = policy.spec ?? {}
  return { ...policy, spec: { ...policy.spec, ingress: rest(ingress), egress: rest(egress) } }
}

function renamed(policy: RawPolicy, name: string): RawPolicy {
  return { ...policy, metadata: { ...policy.metadata, name } }
}

function at<Item>(items: readonly Item[], index: number): Item | undefined {
  return items.length === 0 ? undefined : items[index % items.length]
}
