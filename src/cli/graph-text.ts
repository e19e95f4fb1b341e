import { transportOf as transportOfFlow } from '../../compiler/flows/why-denied.ts'
import type { Transport } from '../../compiler/graph/judge.ts'
import type { FlowList } from '../../compiler/flows/flow-list.ts'
import { podKey } from '../../compiler/objects/pod-name.ts'
import type { Edge } from '../../compiler/reach/edge.ts'
import type { ReachNode } from '../../compiler/reach/fold.ts'
import type { ReachGraph } from '../../compiler/reach/reach-graph.ts'
import { flowOverlay } from '../views/flow-overlay.ts'
import { type LaidFlow, layFlows } from '../views/lay-flows.ts'
import { seenEdges } from '../views/seen-edges.ts'
import { dotText } from '../views/dot-text.ts'
import { entryJson } from '../views/entries-text.ts'
import { mermaidText } from '../views/mermaid-text.ts'
import type { PageAsked } from '../views/page/page-asked.ts'
import { withoutUntold } from '../views/narrow-graph.ts'
import { pictureOf } from '../views/picture.ts'
import { reachCsv } from '../views/reach-csv.ts'
import { reachGraphJson } from '../views/reach-graph-json.ts'
import { reachMarkdown } from '../views/reach-markdown.ts'
import { reachRows, spokenEdges } from '../views/reach-rows.ts'
import { reachText } from '../views/reach-text.ts'
import { type Cited, createRulesBehind } from '../views/rules-behind.ts'
import { type ClusterInput, withNotes } from './read-cluster-input.ts'
import { textStyle } from './text-style.ts'
import { type AskedGraph, entriesOf } from './asked-graph.ts'
import type { GraphFlags } from './graph-flags.ts'

/** What is printed of it, in the form that the flags say. */
export async function graphText(
  asked: AskedGraph,
  cluster: ClusterInput,
  flags: GraphFlags,
  list: FlowList | undefined,
): Promise<string> {
  const { reach } = asked
  const why = reasons(cluster, reach, flags)
  const isAside = flags.denied === true || flags.port !== undefined
  const ways = isAside ? [] : entriesOf(cluster, reach, flags)
  // Drawings join them to workloads.
  const drawn = flags.by === 'workload' ? ways : []
  switch (flags.output) {
    case 'text':
      return reachText(reachRows(spokenEdges(reach), why), toldOf(asked), ways, textStyle())
    case 'md':
      return reachMarkdown(reachRows(spokenEdges(reach), why), toldOf(asked), ways)
    case 'csv':
      return reachCsv(reachRows(reach.edges, why))
    case 'json':
      return `${JSON.stringify({ ...reachGraphJson(reach), ...(ways.length === 0 ? {} : { entries: ways.map(entryJson) }), ...(list === undefined ? {} : { flows: flowOverlay(cluster, reach, list) }), ...withNotes(cluster.notes) }, undefined, 2)}\n`
    case 'svg': {
      const { graphSvg } = await import('../views/svg/graph-svg.ts')
      return graphSvg(reach, drawn, list && seenOf(asked, cluster, flags, list))
    }
    case 'dot':
      return dotText(pictureOf(reach, drawn))
    case 'mermaid':
      return mermaidText(pictureOf(reach, drawn))
    case 'html': {
      // The layout engine is only for those who draw.
      const { graphPage } = await import('../views/page/graph-page.ts')
      const by = flags.by === 'namespace' ? 'workload' : flags.by
      return graphPage(cluster, by, { asked: pageAsked(asked, flags), drawn: reach, ways: drawn, seen: list })
    }
  }
}

/** Of whom else there is something to say, beside the lines. */
function toldOf({ reach, focus }: AskedGraph): ReachGraph {
  return withoutUntold(reach, spokenEdges(reach), focus)
}

/** What was seen of what is asked for. */
function seenOf(
  { reach, focus }: AskedGraph,
  cluster: ClusterInput,
  { port }: GraphFlags,
  { flows }: FlowList,
): readonly LaidFlow[] {
  const onPort = flows.filter(({ carries }) => port === undefined || isEqual(transportOfFlow(carries), port))
  const ids = focus && new Set(focus.map(({ id }) => id))
  const seen = seenEdges(cluster.graph, reach.nodes, { flows: onPort }).flows.filter(
    ({ from, to }) => ids === undefined || ids.has(from) || ids.has(to),
  )
  return layFlows(seen, reach.edges, reach.blocks)
}

function isEqual(one: Transport, other: Transport): boolean {
  return one.protocol === other.protocol && ('port' in one ? one.port : 0) === ('port' in other ? other.port : 0)
}

function pageAsked(
  { shown, focus }: AskedGraph,
  { focus: names, in: namespaces, port, denied }: GraphFlags,
): PageAsked {
  const isNarrow = focus !== undefined || port !== undefined
  return {
    shown: isNarrow ? keysOf(shown) : undefined,
    focus: focus && keysOf(focus),
    words: [...(names ?? []), ...(namespaces ?? []).map((name) => `namespace ${name}`)],
    port: port === undefined ? '' : port.protocol === 'other' ? 'icmp' : `${port.port}/${port.protocol}`,
    denied: denied === true,
  }
}

function keysOf(nodes: readonly ReachNode[]): ReadonlySet<string> {
  return new Set(nodes.flatMap(({ members }) => members.map(({ pod }) => podKey(pod))))
}

/** The rules that let edges pass, or the policies that do not; of an overview, whose edges are many things, none. */
function reasons(
  cluster: ClusterInput,
  reach: ReachGraph,
  { by, denied }: GraphFlags,
): (edges: readonly Edge[]) => readonly Cited[] {
  if (by === 'namespace') return () => []
  const behind = createRulesBehind(cluster, reach)
  return denied === true ? behind.isolating : behind.granting
}
