import { FAMILIES, type Family } from '../addresses/address.ts'
import { unionRanges } from '../addresses/ranges.ts'
import type { AllowGraph, GraphPod } from '../graph/allow-graph.ts'
import { type Direction, DIRECTIONS } from '../objects/direction.ts'
import { betweenNodes } from './between-nodes.ts'
import { createReach, type Reach, strangersOf } from './create-reach.ts'
import { byEnds, type Edge, edgesBetween } from './edge.ts'
import { exposedDifference } from './exposed-difference.ts'
import type { Pair } from './pair.ts'
import type { PossiblePeer } from './possible-peer.ts'
import { mergePeers } from './possible-pods.ts'
import { findNamesakes, type FoldBy, foldPods, type ReachNode } from './fold.ts'
import { createNodeCandidates } from './node-candidates.ts'
import type { EdgeEnds } from './reach-graph.ts'
import { outsideEdges } from './outside-edges.ts'
import { type OutsideReach, subtractOutside } from './outside-reach.ts'
import { isNoPort, NO_PORT, type PortSet, subtractPortSets } from './port-set.ts'
import { createSameNode } from './same-node.ts'

/** What a change opens and closes; both empty: it changes nothing that a packet could tell. */
export interface ReachChange {
  readonly opens: readonly Edge[]
  readonly closes: readonly Edge[]
  /** What is there afterwards and was not before, and the other way round: why some of the edges came or went. */
  readonly added: readonly string[]
  readonly removed: readonly string[]
  /** On the network of their nodes afterwards, and not before: no policy governs or selects them any more. */
  readonly leavesPolicy: readonly string[]
  /** The other way round. */
  readonly comesUnderPolicy: readonly string[]
  /** Who may be an end of an edge and is not in the input, as the rules of either side name them. */
  readonly strangers: readonly PossiblePeer[]
  /** On the network of their nodes before and after, or wherever they are at all. */
  readonly hosts: readonly string[]
  /** What the edges speak of, as it was and as it is. */
  readonly before: EdgeEnds
  readonly after: EdgeEnds
}

/** Compares two allow-graphs, workload by workload (or pod by pod), in what may be reached. */
export function compareReach(oldGraph: AllowGraph, newGraph: AllowGraph, by: FoldBy): ReachChange {
  const strangers = mergePeers([strangersOf(oldGraph), strangersOf(newGraph)])
  const before = createReach(oldGraph, strangers)
  const after = createReach(newGraph, strangers)
  const owned = {
    IPv4: unionRanges(before.owned.IPv4, after.owned.IPv4),
    IPv6: unionRanges(before.owned.IPv6, after.owned.IPv6),
  }
  const pairs = pairNodes(before, after, by)
  const opens: Edge[] = []
  const closes: Edge[] = []
  const isSame = createSameNode({ graph: oldGraph, reach: before }, { graph: newGraph, reach: after })
  // Between two that are the same before and after nothing changes: most of a cluster, where a change is small.
  const differing = new Set(pairs.filter((pair) => !pair.old || !pair.new || !isSame(pair.old, pair.new)))
  const othersOf = createOthersOf(before, after, pairs, differing)
  for (const from of pairs) {
    for (const to of othersOf(from)) {
      const was = between(before, from.old, to.old)
      const is = between(after, from.new, to.new)
      // One pod has no way to itself; that there are two of them now is no news about policy.
      if (from === to && isAlone(from)) continue
      // Most pairs are as they were: the same judgement, often the same value.
      if (was === is) continue
      for (const edge of edgesBetween(from.id, to.id, difference(is, was))) opens.push(edge)
      for (const edge of edgesBetween(from.id, to.id, difference(was, is))) closes.push(edge)
    }
    for (const family of differing.has(from) ? FAMILIES : []) {
      for (const direction of DIRECTIONS) {
        const was = outside(before, from.old, direction, family)
        const is = outside(after, from.new, direction, family)
        const difference = (left: readonly OutsideReach[], right: readonly OutsideReach[]) =>
          outsideEdges(from.id, direction, family, subtractOutside(left, right, owned[family]), owned[family])
        for (const edge of difference(is, was)) opens.push(edge)
        for (const edge of difference(was, is)) closes.push(edge)
      }
    }
  }
  for (const edge of exposedDifference(after, before, pairs, differing, 'new')) opens.push(edge)
  for (const edge of exposedDifference(before, after, pairs, differing, 'old')) closes.push(edge)
  return {
    opens: opens.sort(byEnds),
    closes: closes.sort(byEnds),
    added: pairs.filter((pair) => pair.old === undefined).map(({ id }) => id),
    removed: pairs.filter((pair) => pair.new === undefined).map(({ id }) => id),
    leavesPolicy: pairs.filter((pair) => isHost(pair.old) === false && isHost(pair.new) === true).map(({ id }) => id),
    comesUnderPolicy: pairs
      .filter((pair) => isHost(pair.old) === true && isHost(pair.new) === false)
      .map(({ id }) => id),
    strangers,
    hosts: pairs.filter((pair) => isHost(pair.old) !== false && isHost(pair.new) !== false).map(({ id }) => id),
    before: { nodes: pairs.flatMap((pair) => pair.old ?? []), possible: before.exposure.strangers },
    after: { nodes: pairs.flatMap((pair) => pair.new ?? []), possible: after.exposure.strangers },
  }
}

/** For each pair those to which what passes from it may have changed, in the order of the pairs. */
function createOthersOf(
  before: Reach,
  after: Reach,
  pairs: readonly Pair[],
  differing: ReadonlySet<Pair>,
): (from: Pair) => readonly Pair[] {
  const old = createNodeCandidates(
    before,
    pairs.map((pair) => pair.old?.members[0]),
  )
  const now = createNodeCandidates(
    after,
    pairs.map((pair) => pair.new?.members[0]),
  )
  return (from) => {
    if (!differing.has(from) && differing.size <= FEW) return [...differing]
    const either = new Set([...old(from.old?.members[0]), ...now(from.new?.members[0])])
    const others = [...either].sort((left, right) => left - right).flatMap((position) => pairs[position] ?? [])
    return differing.has(from) ? others : others.filter((pair) => differing.has(pair))
  }
}

/** So many are asked one by one rather than looked for among candidates. */
const FEW = 20

function isHost(node: ReachNode | undefined): boolean | undefined {
  return node?.hostNetwork
}

/** Nodes that have one id on both sides; what folds on one side only falls apart on both. */
function pairNodes(before: Reach, after: Reach, by: FoldBy): readonly Pair[] {
  const podsOf = (reach: Reach) => [...reach.behaviours, ...reach.hosts].flatMap(({ members }) => members)
  // What is more than one thing on either side goes by the same names on both.
  const namesakes = findNamesakes([...podsOf(before), ...podsOf(after)])
  const fold = (reach: Reach, apart: ReadonlySet<string>) =>
    new Map(foldPods(podsOf(reach), by, reach.behaviourOf, namesakes, apart).map((node) => [node.id, node]))
  let apart: ReadonlySet<string> = new Set()
  for (;;) {
    const old = fold(before, apart)
    const now = fold(after, apart)
    const found = [...foldedHereOnly(old, now), ...foldedHereOnly(now, old)]
    if (found.length === 0) {
      const ids = [...new Set([...old.keys(), ...now.keys()])].sort()
      return ids.map((id) => ({ id, old: old.get(id), new: now.get(id) }))
    }
    // A namespace may fall into workloads that then differ as well: at most one round for each size of thing.
    apart = new Set([...apart, ...found])
  }
}

/** Folded nodes without a counterpart, some pod or workload of which stands on the other side by itself. */
function foldedHereOnly(
  here: ReadonlyMap<string, ReachNode>,
  there: ReadonlyMap<string, ReachNode>,
): readonly string[] {
  const smaller = new Set(
    [...there.values()].flatMap(({ kind, namespace, members }) => {
      const ofNamespace = kind === 'namespace' ? [] : [`${namespace}/*`]
      return [...ofNamespace, ...(kind === 'pod' ? members.flatMap(ownerOf) : [])]
    }),
  )
  return [...here.values()].flatMap(({ id, kind, members }) => {
    if (there.has(id)) return []
    if (kind === 'namespace') return smaller.has(id) ? [id] : []
    return kind === 'workload' && members.some((member) => ownerOf(member).some((owner) => smaller.has(owner)))
      ? [id]
      : []
  })
}

function ownerOf({ pod }: GraphPod): readonly string[] {
  return pod.workload === undefined ? [] : [`${pod.namespace} ${pod.workload.kind} ${pod.workload.name}`]
}

/** On one side or on both it is a single pod. */
function isAlone({ old, new: now }: Pair): boolean {
  return old !== undefined && now !== undefined && (old.members.length < 2 || now.members.length < 2)
}

const NOTHING: ReadonlyMap<Family, PortSet> = new Map()

function between(reach: Reach, from: ReachNode | undefined, to: ReachNode | undefined): ReadonlyMap<Family, PortSet> {
  return from === undefined || to === undefined ? NOTHING : betweenNodes(reach, from.members, to.members)
}

function difference(
  from: ReadonlyMap<Family, PortSet>,
  holes: ReadonlyMap<Family, PortSet>,
): ReadonlyMap<Family, PortSet> {
  const rest = [...from].map(([family, set]) => [family, subtractPortSets(set, holes.get(family) ?? NO_PORT)] as const)
  return rest.every(([, set]) => isNoPort(set)) ? NOTHING : new Map(rest)
}

function outside(
  reach: Reach,
  node: ReachNode | undefined,
  direction: Direction,
  family: Family,
): readonly OutsideReach[] {
  const pod = node?.members[0]
  return pod === undefined ? [] : reach.outside(pod, direction, family)
}
