import { entries, type Entry } from '../../../compiler/explain/entries.ts'
import type { Cluster } from '../../../compiler/cluster/create-cluster.ts'
import type { FlowList } from '../../../compiler/flows/flow-list.ts'
import type { FoldBy } from '../../../compiler/reach/fold.ts'
import { reachGraph, type ReachGraph } from '../../../compiler/reach/reach-graph.ts'
import { pictureOf } from '../picture.ts'
import { drawingOf } from '../svg/drawing-svg.ts'
import { isReadable } from '../svg/graph-svg.ts'
import { matrixOf } from '../svg/matrix-svg.ts'
import type { Drawing } from '../svg/svg-document.ts'
import { collectPage } from './collect-page-data.ts'
import { EVERYTHING, type PageAsked } from './page-asked.ts'
import { pageBoxes } from './page-boxes.ts'
import { pageHtml } from './page-html.ts'

export interface GraphPageOptions {
  /** By default everything. */
  readonly asked?: PageAsked
  /** The graph of what is asked, where there is one already. */
  readonly drawn?: ReachGraph
  /** Ways from outside, by default all. */
  readonly ways?: readonly Entry[]
  /** What was seen, to be laid over what may. */
  readonly seen?: FlowList | undefined
}

/** The page about a cluster, or about what is asked of it, with the drawing where eyes can follow it; the same cluster gives the same bytes. */
export function graphPage(cluster: Cluster, by: FoldBy, options: GraphPageOptions = {}): string {
  const { asked = EVERYTHING, drawn, ways = entries(cluster), seen } = options
  const { data, nodes } = collectPage(cluster, by, asked, ways, seen)
  // Of thousands the page has no drawing, and needs no edges.
  if (nodes.length > MOST_ENDS) return pageHtml(data, undefined, asked)
  const graph = drawn ?? reachGraph(cluster.graph, by)
  const boxes = pageBoxes(graph.nodes, nodes)
  const isFiner = Object.keys(boxes).length > 0
  return pageHtml(isFiner ? { ...data, boxes } : data, drawing(graph, ways), asked)
}

/** Beyond this a table is megabytes of cells, and nobody looks around in it. */
const MOST_ENDS = 500

/** What `-o svg` draws: boxes and arrows, or the table of rows and columns. */
function drawing(graph: ReachGraph, ways: readonly Entry[]): Drawing | undefined {
  const picture = pictureOf(graph, ways)
  if (picture.boxes.length === 0) return undefined
  return isReadable(picture) ? drawingOf(picture) : matrixOf(graph)
}
