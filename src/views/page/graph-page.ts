import type { Cluster } from '../../../compiler/cluster/create-cluster.ts'
import type { FoldBy } from '../../../compiler/reach/fold.ts'
import { reachGraph } from '../../../compiler/reach/reach-graph.ts'
import { pictureOf } from '../picture.ts'
import { drawingOf } from '../svg/drawing-svg.ts'
import { isReadable } from '../svg/graph-svg.ts'
import { matrixOf } from '../svg/matrix-svg.ts'
import type { Drawing } from '../svg/svg-document.ts'
import { collectPageData } from './collect-page-data.ts'
import { pageHtml } from './page-html.ts'

/** The page about a cluster, with the drawing where eyes can follow it; the same cluster gives the same bytes. */
export function graphPage(cluster: Cluster, by: FoldBy): string {
  const data = collectPageData(cluster, by)
  return pageHtml(data, data.nodes.length <= MOST_ENDS ? drawing(cluster, by) : undefined)
}

/** Beyond this a table is megabytes of cells, and nobody looks around in it. */
const MOST_ENDS = 150

/** What `-o svg` draws: boxes and arrows, or the table of rows and columns. */
function drawing(cluster: Cluster, by: FoldBy): Drawing | undefined {
  const graph = reachGraph(cluster.graph, by)
  const picture = pictureOf(graph)
  if (picture.boxes.length === 0) return undefined
  return isReadable(picture) ? drawingOf(picture) : matrixOf(graph)
}
