import { deepStrictEqual, ok } from 'node:assert'
import fc from 'fast-check'
import { parseAllDocuments } from 'yaml'
import { type FlowSuggestion, suggestFromFlows } from '../../compiler/suggest/suggest-from-flows.ts'
import { clusters } from '../arbitraries/clusters.ts'
import { interestingConnections } from '../arbitraries/connections.ts'
import type { Connection, Direction } from '../oracle/connection.ts'
import { oracle } from '../oracle/oracle.ts'
import { namespaceOf, ownerOf as findOwner } from '../oracle/owner-of.ts'
import type { RawCluster, RawPod, RawPolicy } from '../oracle/raw-cluster.ts'
import { askedCluster } from './ask-cluster.ts'
import { edgesSay, withWorkloads } from './edge-words.ts'
import { recordedFlow, workloadOf } from './recorded-flows.ts'

/** What a run has met, so that no law passes over what it is about. */
export interface Met {
  readonly policies: number
  /** Flows that stay allowed. */
  readonly used: number
  /** Flows with an end that no policy can name. */
  readonly nameless: number
  /** Connections that the suggestion closes, and that it grants beyond what was seen. */
  readonly closed: number
  readonly beyond: number
}

/** Which of the cluster's connections were seen, for whom policies are wanted, and whether unseen directions are closed. */
export interface Wanted {
  readonly seed: number
  readonly namespace: string
  readonly closeUnseen: boolean
}

/** Clusters in which workloads often have the same labels, with few policies: most pods of a cluster with many are isolated already. */
export const suggestible: fc.Arbitrary<RawCluster> = fc
  .tuple(clusters(), fc.boolean(), fc.boolean(), fc.nat({ max: 2 }), fc.boolean())
  .map(([raw, alike, few, kept, half]) => {
    const cluster = withWorkloads({ ...raw, policies: raw.policies.slice(0, kept) }, alike)
    const onlyApp = (pod: RawPod): RawPod => {
      const { app } = pod.metadata.labels ?? {}
      return { ...pod, metadata: { ...pod.metadata, labels: app === undefined ? null : { app } } }
    }
    const labelled = few ? { ...cluster, pods: cluster.pods.map(onlyApp) } : cluster
    return half ? halfIsolated(labelled) : labelled
  })

/** With a policy that isolates one pod of some workload and not the others, where a workload has several. */
function halfIsolated(cluster: RawCluster): RawCluster {
  const one = cluster.pods.find((pod) => membersOf(cluster, pod).length > 1)
  if (one === undefined) return cluster
  const marked = { ...one, metadata: { ...one.metadata, labels: { ...one.metadata.labels, half: 'yes' } } }
  const policy: RawPolicy = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { namespace: namespaceOf(one), name: 'half' },
    spec: { podSelector: { matchLabels: { half: 'yes' } }, policyTypes: ['Ingress', 'Egress'] },
  }
  const pods = cluster.pods.map((pod) => (pod === one ? marked : pod))
  return { ...cluster, pods, policies: [...cluster.policies, policy] }
}

const DIRECTIONS: readonly Direction[] = ['egress', 'ingress']

/**
 * Throws unless the policies suggested for a namespace of the cluster let all pass that they are made of, open nothing, close nothing of
 * pods that they are not for, grant beyond what was seen exactly what they list, and are not suggested once more when they stand.
 */
export function suggestionIsRight(cluster: RawCluster, { seed, namespace, closeUnseen }: Wanted): Met {
  const before = oracle(cluster)
  const connections = interestingConnections(cluster, 150)
  const seen = connections.filter((one, index) => (index * 7919 + seed) % 3 === 0 && !isToItself(cluster, one))
  const list = { flows: seen.map((one) => recordedFlow(cluster, one)), folded: [] }
  const options = { namespace, closeUnseen }
  const suggestion = suggestFromFlows(askedCluster(cluster), list, options)
  const added = policiesOf(suggestion)
  const enforced = { ...cluster, policies: [...cluster.policies, ...added] }
  const [after, alone] = [oracle(enforced), oracle({ ...cluster, policies: added })]
  const met = { policies: added.length, used: 0, nameless: 0, closed: 0, beyond: 0 }

  const used: Connection[] = []
  for (const one of seen) {
    if (!before(one).allowed) continue
    if (isNameless(cluster, one.source) || isNameless(cluster, one.destination)) met.nameless += 1
    else used.push(one)
  }
  for (const one of used) {
    if (!isAbout(cluster, namespace, one)) continue
    met.used += 1
    deepStrictEqual({ one, allowed: after(one).allowed }, { one, allowed: true })
  }
  for (const one of connections) {
    const [was, is] = [before(one), after(one)]
    for (const direction of DIRECTIONS) {
      const address = direction === 'egress' ? one.source : one.destination
      const pod = ownerOf(address, cluster.pods)
      ok(was[direction].allowed || !is[direction].allowed, `opens ${JSON.stringify(one)}`)
      if (was[direction].allowed && !is[direction].allowed) met.closed += 1
      const isNew = is[direction].isolated && !was[direction].isolated
      ok(
        !isNew || (pod !== undefined && isFor(cluster, namespace, closeUnseen, seen, direction, pod)),
        `changes ${direction} of ${pod?.metadata.name}: ${JSON.stringify(one)}`,
      )
      if (!isNew || pod === undefined || isToItself(cluster, one)) continue
      const wasSeen = used.some((other) => isSame(cluster, other, one))
      const own = suggestion.opens.filter(({ policy }) => policy.endsWith(`-${direction}`))
      const listed = edgesSay(own, cluster, one).length > 0
      const granted = alone(one)[direction].allowed
      if (granted && !wasSeen) met.beyond += 1
      deepStrictEqual({ one, direction, listed }, { one, direction, listed: granted && !wasSeen })
    }
  }
  const again = suggestFromFlows(askedCluster(enforced), list, options)
  deepStrictEqual({ policies: again.policies, used: again.used }, { policies: [], used: suggestion.used })
  return met
}

/** An address is asked for thousands of times. */
const owners = new WeakMap<readonly RawPod[], Map<string, RawPod | undefined>>()

function ownerOf(address: string, pods: readonly RawPod[]): RawPod | undefined {
  const known = owners.get(pods) ?? new Map<string, RawPod | undefined>()
  owners.set(pods, known)
  if (!known.has(address)) known.set(address, findOwner(address, pods))
  return known.get(address)
}

/** Enforced: without the word that they are only tried. */
function policiesOf({ yaml }: FlowSuggestion): readonly RawPolicy[] {
  const documents = yaml === '' ? [] : parseAllDocuments(yaml)
  return documents.map((document) => {
    const policy = document.toJS() as RawPolicy
    const { name, namespace } = policy.metadata
    return { ...policy, metadata: { name, namespace } }
  })
}

function isToItself(cluster: RawCluster, { source, destination }: Connection): boolean {
  const [from, to] = [ownerOf(source, cluster.pods), ownerOf(destination, cluster.pods)]
  return from !== undefined && from === to
}

function isAbout(cluster: RawCluster, namespace: string, { source, destination }: Connection): boolean {
  return [source, destination].some((address) => {
    const pod = ownerOf(address, cluster.pods)
    return pod !== undefined && namespaceOf(pod) === namespace
  })
}

/** The pods of the workload of one. */
function membersOf(cluster: RawCluster, pod: RawPod): readonly RawPod[] {
  return cluster.pods.filter((one) => isGoverned(one) && homeOf(one) === homeOf(pod))
}

function homeOf(pod: RawPod): string {
  const workload = workloadOf(pod)
  return `${namespaceOf(pod)}/${workload === undefined ? pod.metadata.name : `${workload.kind}/${workload.name}`}`
}

function isGoverned(pod: RawPod): boolean {
  return pod.spec?.hostNetwork !== true && !['Succeeded', 'Failed'].includes(pod.status?.phase ?? '')
}

/** Its pods have no label in common. */
function isNameless(cluster: RawCluster, address: string): boolean {
  const pod = ownerOf(address, cluster.pods)
  return pod !== undefined && commonLabels(membersOf(cluster, pod)).length === 0
}

function commonLabels(pods: readonly RawPod[]): readonly (readonly [string, string])[] {
  const [first, ...rest] = pods.map((pod) => pod.metadata.labels ?? {})
  return Object.entries(first ?? {}).filter(([key, value]) => rest.every((labels) => labels[key] === value))
}

/** Its workload was seen in this direction, or every direction is wanted; or no label tells it from one of which that is so. */
function isFor(
  cluster: RawCluster,
  namespace: string,
  closeUnseen: boolean,
  seen: readonly Connection[],
  direction: Direction,
  pod: RawPod,
): boolean {
  if (namespaceOf(pod) !== namespace) return false
  if (closeUnseen) return true
  const subjects = new Set(
    seen.flatMap((one) => {
      const owner = ownerOf(direction === 'egress' ? one.source : one.destination, cluster.pods)
      return owner === undefined || namespaceOf(owner) !== namespace ? [] : [homeOf(owner)]
    }),
  )
  return [...subjects].some((subject) => togetherWith(cluster, namespace, subject).has(homeOf(pod)))
}

/** The workloads that end up in one policy, since one of them has a pod that no selector for the others can leave out. */
function togetherWith(cluster: RawCluster, namespace: string, subject: string): ReadonlySet<string> {
  const pods = cluster.pods.filter((pod) => isGoverned(pod) && namespaceOf(pod) === namespace)
  const together = new Set([subject])
  for (let size = 0; size !== together.size; ) {
    size = together.size
    const inside = pods.filter((pod) => together.has(homeOf(pod)))
    for (const other of pods) {
      const theirs = pods.filter((pod) => homeOf(pod) === homeOf(other))
      if (isInseparable(other, inside) || inside.some((pod) => isInseparable(pod, theirs))) together.add(homeOf(other))
    }
  }
  return together
}

/** It has what all of these have in common, and no label that none of them has. */
function isInseparable(pod: RawPod, members: readonly RawPod[]): boolean {
  const labels = pod.metadata.labels ?? {}
  return (
    commonLabels(members).every(([key, value]) => labels[key] === value) &&
    Object.entries(labels).every(([key, value]) => members.some((one) => one.metadata.labels?.[key] === value))
  )
}

/** Between the same workloads or addresses, on the same port. */
function isSame(cluster: RawCluster, one: Connection, other: Connection): boolean {
  const isSameEnd = (left: string, right: string): boolean => {
    const [pod, another] = [ownerOf(left, cluster.pods), ownerOf(right, cluster.pods)]
    return pod === undefined || another === undefined ? left === right : homeOf(pod) === homeOf(another)
  }
  const isPortless = [one, other].every(({ protocol }) => protocol === 'ICMP' || protocol === 'other')
  return (
    isSameEnd(one.source, other.source) &&
    isSameEnd(one.destination, other.destination) &&
    (isPortless || (one.protocol === other.protocol && one.port === other.port))
  )
}
