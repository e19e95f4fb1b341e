import { blockRange } from '../addresses/block-range.ts'
import { formatBlock } from '../addresses/format-block.ts'
import { rangesContain } from '../addresses/ranges.ts'
import type { AllowGraph, GraphPod } from '../graph/allow-graph.ts'
import { podName } from '../objects/pod-name.ts'
import { buildGrants, type NamespacedRule } from '../graph/build-grants.ts'
import { describePorts } from '../objects/describe-ports.ts'
import type { Direction } from '../objects/direction.ts'
import { judgeDirection, type Peer, peersAllow, type Transport } from '../graph/judge.ts'
import { rulePeers } from '../graph/rule-peers.ts'
import type { Peer as RulePeer } from '../objects/objects.ts'
import { createSelector, type Requirement, type Selector } from '../objects/selector.ts'
import { matchesSelector } from '../selectors/matches-selector.ts'

/** How far a rule is from granting a connection: what of it does not fit, in words; nothing: it grants. */
export interface RuleFit {
  /** The connection's port is not among the rule's. */
  readonly port: string | undefined
  /** The other end is none of the rule's peers: what misses at the nearest of them. */
  readonly peer: string | undefined
  /** 0: it grants. Grows with what would have to change. */
  readonly distance: number
}

/** The other end, and what people call it where it is no pod. */
export interface SeenPeer {
  readonly peer: Peer
  readonly name: string
}

/** Holds one rule of a policy against one connection; `pod` is the one that the policy selects. */
export function fitRule(
  graph: AllowGraph,
  { rule, namespace }: NamespacedRule,
  direction: Direction,
  pod: GraphPod,
  { peer, name }: SeenPeer,
  transport: Transport,
  destination: GraphPod | undefined,
): RuleFit {
  const forAnyone = { rule: { ...rule, peers: 'anyone' as const }, namespace }
  const { grants } = buildGrants([forAnyone], direction, pod.pod.ports)
  const portFits = judgeDirection(graph, grants, peer, transport, destination).allowed
  const peerFits = peersAllow(graph, rulePeers(rule, namespace), peer)
  const port = portFits || rule.ports === 'any' ? undefined : describePorts(rule.ports)
  if (peerFits) return { port, peer: undefined, distance: portFits ? 0 : 1 }
  const nearest = (rule.peers === 'anyone' ? [] : rule.peers)
    .map((one) => missOf(graph, one, namespace, peer, name))
    .sort((left, right) => left.distance - right.distance)[0]
  const distance = (nearest?.distance ?? 9) + (portFits ? 0 : 1)
  return { port, peer: nearest?.text ?? 'it has no peer that could match', distance }
}

interface Miss {
  readonly text: string
  readonly distance: number
}

function missOf(
  graph: AllowGraph,
  peer: RulePeer,
  policyNamespace: string,
  { address, owner }: Peer,
  name: string,
): Miss {
  if (peer.kind === 'block') {
    if (peer.block.family !== address.family) {
      return { text: `${formatBlock(peer.block)} has ${peer.block.family} addresses only`, distance: 3 }
    }
    const inside = rangesContain([blockRange(peer.block)], address.value)
    const text = `${name} is ${inside ? 'excepted from' : 'not in'} ${formatBlock(peer.block)}`
    return { text, distance: inside ? 1 : 2 }
  }
  if (owner === undefined) return { text: `${name} is no pod, and selectors match pods only`, distance: 4 }
  const { namespace } = owner.pod
  const misses: string[] = []
  if (peer.namespaces === 'same') {
    if (namespace !== policyNamespace) misses.push(`${podName(owner.pod)} is not in namespace ${policyNamespace}`)
  } else {
    const namespaceLabels = graph.namespaceLabels(namespace).labels
    for (const miss of missing(peer.namespaces, namespaceLabels)) misses.push(`namespace ${namespace} ${miss}`)
  }
  for (const miss of missingOfPod(owner, peer.pods)) misses.push(miss)
  return { text: misses.join(', and '), distance: misses.length }
}

/** The requirements that labels do not meet, each as what the labels are instead. */
function missing({ requirements }: Selector, labels: ReadonlyMap<string, string>): readonly string[] {
  return requirements
    .filter((requirement) => !matchesSelector(createSelector([requirement]), labels))
    .map((requirement) => describeMiss(requirement, labels.get(requirement.key)))
}

/** The same of a pod: labels of which no file says the value are not called missing. */
function missingOfPod({ pod }: GraphPod, { requirements }: Selector): readonly string[] {
  const { unknownLabels = [], labels } = pod
  const known = requirements.filter(({ key }) => !unknownLabels.includes(key))
  const untold = requirements
    .filter((one) => unknownLabels.includes(one.key) && !matchesSelector(createSelector([one]), labels.labels))
    .map((one) =>
      one.operator === 'DoesNotExist'
        ? `${podName(pod)} has the label ${one.key}, which is ruled out`
        : `whether ${podName(pod)} has the label ${createSelector([one]).key} cannot be told from files`,
    )
  return [...missing(createSelector(known), labels.labels).map((miss) => `${podName(pod)} ${miss}`), ...untold]
}

function describeMiss({ key, operator, values }: Requirement, value: string | undefined): string {
  switch (operator) {
    case 'In': {
      const wanted = values.length === 1 ? `${key}=${values[0]}` : `${key} in (${values.join(', ')})`
      return value === undefined ? `has no label ${wanted}` : `has ${key}=${value}, not ${wanted}`
    }
    case 'NotIn':
    case 'DoesNotExist':
      return `has the label ${key}=${value ?? ''}, which is ruled out`
    case 'Exists':
      return `has no label ${key}`
  }
}
