import type { Edge } from '../../compiler/reach/edge.ts'
import type { ReachNode } from '../../compiler/reach/fold.ts'
import { portSetOfTexts } from '../../compiler/reach/port-set.ts'
import type { ReachGraph } from '../../compiler/reach/reach-graph.ts'
import type { Transport } from '../../compiler/graph/judge.ts'
import { isPortName } from './edge-lines.ts'

/** What of a graph is asked for; nothing given: all of it. */
export interface Narrowing {
  /** Ids of nodes: only what one of them is an end of. */
  readonly focus: ReadonlySet<string> | undefined
  /** Only what can pass on this port. */
  readonly transport: Transport | undefined
}

/** The part of a graph that is asked for: its edges, the ends of these, and whoever is in focus. */
export function narrowGraph(graph: ReachGraph, { focus, transport }: Narrowing): ReachGraph {
  if (focus === undefined && transport === undefined) return graph
  const edges = graph.edges.filter(
    (edge) =>
      (focus === undefined || focus.has(edge.from) || focus.has(edge.to)) &&
      (transport === undefined || holds(edge, transport)),
  )
  const ends = new Set(edges.flatMap(({ from, to }) => [from, to]))
  return {
    ...graph,
    nodes: graph.nodes.filter(({ id }) => ends.has(id) || focus?.has(id) === true),
    possible: graph.possible.filter(({ peer }) => ends.has(peer.id)),
    blocks: graph.blocks.filter((block) => ends.has(block)),
    edges,
  }
}

/** Without those who are neither in focus nor at an end of an edge that is told: of a narrow answer they are others. */
export function withoutUntold(
  graph: ReachGraph,
  told: readonly Edge[],
  focus: readonly ReachNode[] | undefined,
): ReachGraph {
  if (focus === undefined) return graph
  const ids = new Set([...focus.map(({ id }) => id), ...told.flatMap(({ from, to }) => [from, to])])
  return {
    ...graph,
    nodes: graph.nodes.filter(({ id }) => ids.has(id)),
    possible: graph.possible.filter(({ peer }) => ids.has(peer.id)),
  }
}

function holds(edge: Edge, transport: Transport): boolean {
  if (isPortName(edge.ports)) return false
  const { ranges, other } = portSetOfTexts([edge])
  if (transport.protocol === 'other') return other
  const { protocol, port } = transport
  return ranges[protocol].some(({ from, to }) => from <= port && port <= to)
}

/** The nodes that a word names: by id, by workload, by a pod of theirs, or all of a namespace (`shop/*`). */
export function nodesNamed(nodes: readonly ReachNode[], word: string, defaultNamespace: string): readonly ReachNode[] {
  const name = word.includes('/') ? word : `${defaultNamespace}/${word}`
  const exact = nodes.filter(({ id }) => id === name)
  if (exact.length > 0) return exact
  return nodes.filter(
    ({ namespace, members }) =>
      name === `${namespace}/*` ||
      members.some(({ pod }) => [pod.name, pod.workload?.name].some((own) => `${namespace}/${own ?? ''}` === name)),
  )
}
