import { entries, type Entry } from '../../../compiler/explain/entries.ts'
import type { Cluster } from '../../../compiler/cluster/create-cluster.ts'
import type { FlowList } from '../../../compiler/flows/flow-list.ts'
import type { FoldBy } from '../../../compiler/reach/fold.ts'
import { reachGraph, type ReachGraph } from '../../../compiler/reach/reach-graph.ts'
import { flowOverlay } from '../flow-overlay.ts'
import { pictureOf } from '../picture.ts'
import { drawingOf } from '../svg/drawing-svg.ts'
import { isReadable } from '../svg/graph-svg.ts'
import { matrixOf } from '../svg/matrix-svg.ts'
import type { Drawing } from '../svg/svg-document.ts'
import { collectPageData } from './collect-page-data.ts'
import { EVERYTHING, type PageAsked } from './page-asked.ts'
import type { PageFlows } from './page-data.ts'
import { pageHtml } from './page-html.ts'

/** The page about a cluster, or about what is asked of it, with the drawing where eyes can follow it; the same cluster gives the same bytes. */
export function graphPage(
  cluster: Cluster,
  by: FoldBy,
  asked: PageAsked = EVERYTHING,
  drawn?: ReachGraph,
  ways: readonly Entry[] = entries(cluster),
  seen?: FlowList,
): string {
  const all = collectPageData(cluster, by, asked, ways)
  const data = seen === undefined ? all : { ...all, flows: pageFlows(cluster, by, seen) }
  if (data.nodes.length > MOST_ENDS) return pageHtml(data, undefined, asked)
  return pageHtml(data, drawing(drawn ?? reachGraph(cluster.graph, by), ways), asked)
}

/** What was seen to pass, and what was denied; only what the details of a node show. */
function pageFlows(cluster: Cluster, by: FoldBy, seen: FlowList): PageFlows {
  const { used, refused } = flowOverlay(cluster, reachGraph(cluster.graph, by), seen)
  return { used, refused }
}

/** Beyond this a table is megabytes of cells, and nobody looks around in it. */
const MOST_ENDS = 500

/** What `-o svg` draws: boxes and arrows, or the table of rows and columns. */
function drawing(graph: ReachGraph, ways: readonly Entry[]): Drawing | undefined {
  const picture = pictureOf(graph, ways)
  if (picture.boxes.length === 0) return undefined
  return isReadable(picture) ? drawingOf(picture) : matrixOf(graph)
}
