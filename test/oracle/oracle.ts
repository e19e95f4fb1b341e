import type { Connection, Direction } from './connection.ts'
import { isReadableSelector } from './is-readable.ts'
import { type End, matchesPeer } from './match-peer.ts'
import { matchesPort } from './match-port.ts'
import { matchesSelector } from './match-selector.ts'
import { namespaceOf, ownerOf } from './owner-of.ts'
import { rulesOf } from './policy-rules.ts'
import type { RawCluster, RawPod, RawPolicy, RawRule } from './raw-cluster.ts'

/** One direction's verdict; not isolated means allowed. */
export interface DirectionVerdict {
  readonly isolated: boolean
  readonly allowed: boolean
}

/** Both must allow: egress is judged at the source pod, ingress at the destination pod. */
export interface Verdict {
  readonly allowed: boolean
  readonly egress: DirectionVerdict
  readonly ingress: DirectionVerdict
}

/** Which pods are isolated at all: a node enforces only for its own. */
export type Local = (pod: RawPod) => boolean

/**
 * The judge of one cluster; it reads the policies once and remembers who owns an address, nothing else. `forged`: what has a pod's address at
 * both ends is not from the pod itself, and judged.
 */
export function oracle(
  cluster: RawCluster,
  local: Local = () => true,
  { forged = false }: { readonly forged?: boolean } = {},
): (connection: Connection) => Verdict {
  const policies = cluster.policies.map((policy) => ({
    policy,
    ingress: rulesOf(policy, 'ingress'),
    egress: rulesOf(policy, 'egress'),
  }))
  const owners = new Map<string, RawPod | undefined>()
  const endOf = (address: string): End => {
    if (!owners.has(address)) owners.set(address, ownerOf(address, cluster.pods))
    return { address, pod: owners.get(address) }
  }
  return (connection) => {
    const source = endOf(connection.source)
    const destination = endOf(connection.destination)
    const judge = (direction: Direction): DirectionVerdict => {
      const [subject, peer] = direction === 'egress' ? [source.pod, destination] : [destination.pod, source]
      if (subject === undefined || !local(subject)) return { isolated: false, allowed: true }
      const selecting = policies.filter((one) => one[direction] !== undefined && selects(one.policy, subject))
      const granted = selecting.some((one) =>
        one[direction]?.some((rule) =>
          ruleAllows(rule, peer, namespaceOf(one.policy), connection, destination.pod, cluster),
        ),
      )
      const isolated = selecting.length > 0
      const toItself = !forged && source.pod === destination.pod
      return { isolated, allowed: !isolated || toItself || granted }
    }
    const [egress, ingress] = [judge('egress'), judge('ingress')]
    return { allowed: egress.allowed && ingress.allowed, egress, ingress }
  }
}

/** spec.podSelector, in the policy's own namespace; one that cannot be read may mean any pod there, so it stands for all. */
function selects(policy: RawPolicy, pod: RawPod): boolean {
  const selector = policy.spec?.podSelector ?? {}
  if (namespaceOf(policy) !== namespaceOf(pod)) return false
  return !isReadableSelector(selector) || matchesSelector(selector, pod.metadata.labels ?? {})
}

/** Missing or empty `from`, `to`, `ports` mean everyone and everything, protocols without ports included. */
function ruleAllows(
  rule: RawRule,
  peer: End,
  policyNamespace: string,
  connection: Connection,
  destination: RawPod | undefined,
  cluster: RawCluster,
): boolean {
  const peers = rule.from ?? rule.to ?? []
  const ports = rule.ports ?? []
  return (
    (peers.length === 0 || peers.some((item) => matchesPeer(item ?? {}, peer, policyNamespace, cluster))) &&
    (ports.length === 0 || ports.some((item) => matchesPort(item ?? {}, connection, destination)))
  )
}
