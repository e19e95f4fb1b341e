import type { Address } from '../addresses/address.ts'
import { rangesContain } from '../addresses/ranges.ts'
import type { AllowGraph, GraphPod } from '../graph/allow-graph.ts'
import type { Transport } from '../graph/judge.ts'
import { ANYONE, NOBODY, type Peers, unionPeers } from '../graph/peers.ts'
import { NAMESPACE_NAME_LABEL } from '../objects/decode-namespace.ts'
import type { Direction } from '../objects/direction.ts'
import { matchesSelector } from '../selectors/matches-selector.ts'
import type { PeerGroup } from '../selectors/peer-group.ts'
import type { PodThere } from './pod-look.ts'

/** Somebody who is in neither input, and the same in both. */
export interface AbsentPeer {
  /** In which namespace it may be; undefined: in one that neither input declares, whatever its name. */
  readonly namespaces: readonly (string | undefined)[]
  readonly address: Address | undefined
}

/** Does the pod in its own direction surely let it pass, if it did before? */
export function admitsAsBefore(
  was: PodThere,
  is: PodThere,
  direction: Direction,
  peer: AbsentPeer,
  transport: Transport,
): boolean {
  const old = admitted(was.pod, direction, transport)
  const now = admitted(is.pod, direction, transport)
  const isCovered = (before: Peers, after: Peers): boolean => covers(was.graph, is.graph, before, after, peer)
  return (
    isCovered(old.surely, now.surely) &&
    [...old.byName].every(([name, peers]) => isCovered(peers, unionPeers([now.surely, now.byName.get(name) ?? NOBODY])))
  )
}

/** Whom a direction of a pod admits on the port of a flow. */
interface Admitted {
  readonly surely: Peers
  /** And where the port has this name, at an absent destination. */
  readonly byName: ReadonlyMap<string, Peers>
}

function admitted(pod: GraphPod, direction: Direction, transport: Transport): Admitted {
  const isolation = pod[direction]
  if (isolation === 'open') return { surely: ANYONE, byName: new Map() }
  const surely: Peers[] = []
  const byName = new Map<string, Peers>()
  for (const { ports, peers } of isolation.list) {
    if (ports.kind === 'any') surely.push(peers)
    else if (transport.protocol !== ports.protocol) continue
    // In the normal form of ingress no name is left: the pod's own ports have settled it.
    else if (ports.kind === 'name') byName.set(ports.name, unionPeers([byName.get(ports.name) ?? NOBODY, peers]))
    else if (ports.kind === 'protocol' || (ports.from <= transport.port && transport.port <= ports.to))
      surely.push(peers)
  }
  return { surely: unionPeers(surely), byName }
}

/** Is it surely among the second, if it is among the first? */
function covers(before: AllowGraph, after: AllowGraph, old: Peers, now: Peers, peer: AbsentPeer): boolean {
  if (now.kind === 'anyone') return true
  const { address, namespaces } = peer
  const hasAddress = ({ ranges }: Peers & { readonly kind: 'some' }): boolean =>
    address !== undefined && rangesContain(ranges[address.family], address.value)
  if (hasAddress(now)) return true
  const isOpenOrRanged = old.kind === 'anyone' || hasAddress(old)
  return namespaces.every((namespace) => {
    if (now.groups.some((group) => group.pods.key === '' && scopeHas(group, after, namespace) === 'yes')) return true
    if (isOpenOrRanged) return false
    return old.groups
      .filter((group) => scopeHas(group, before, namespace) !== 'no')
      .every(({ key }) => now.groups.some((group) => group.key === key && keepsScope(group, before, after, namespace)))
  })
}

/** Are pods of the namespace in the scope of the group? Of one that the input does not declare nobody knows more than the name. */
function scopeHas(
  { namespaces: scope }: PeerGroup,
  { declaresNamespace, namespaceLabels }: AllowGraph,
  namespace: string | undefined,
): 'yes' | 'no' | 'not known' {
  if (scope.kind === 'selected' && scope.selector.key === '') return 'yes'
  if (namespace === undefined) return 'not known'
  if (scope.kind === 'named') return scope.name === namespace ? 'yes' : 'no'
  if (declaresNamespace(namespace)) {
    return matchesSelector(scope.selector, namespaceLabels(namespace).labels) ? 'yes' : 'no'
  }
  const { key, requirements } = scope.selector
  const ofName = requirements.filter((requirement) => requirement.key === NAMESPACE_NAME_LABEL)
  const isNamed = matchesSelector({ key, requirements: ofName }, new Map([[NAMESPACE_NAME_LABEL, namespace]]))
  return !isNamed ? 'no' : ofName.length === requirements.length ? 'yes' : 'not known'
}

/** Is who was in the scope of the group still there? Labels that neither input knows are the same. */
function keepsScope(group: PeerGroup, before: AllowGraph, after: AllowGraph, namespace: string | undefined): boolean {
  const isDeclared = namespace !== undefined && [before, after].some((graph) => graph.declaresNamespace(namespace))
  return !isDeclared || scopeHas(group, after, namespace) === 'yes'
}
