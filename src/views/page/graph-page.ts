import type { Cluster } from '../../../compiler/cluster/create-cluster.ts'
import type { FoldBy } from '../../../compiler/reach/fold.ts'
import { reachGraph } from '../../../compiler/reach/reach-graph.ts'
import { pictureOf } from '../picture.ts'
import { drawingOf } from '../svg/drawing-svg.ts'
import { isReadable, MOST_BOXES } from '../svg/graph-svg.ts'
import type { Drawing } from '../svg/svg-document.ts'
import { collectPageData } from './collect-page-data.ts'
import { pageHtml } from './page-html.ts'

/** The page about a cluster, with the drawing where eyes can follow it; the same cluster gives the same bytes. */
export function graphPage(cluster: Cluster, by: FoldBy): string {
  const data = collectPageData(cluster, by)
  return pageHtml(data, data.nodes.length <= MOST_BOXES ? drawing(cluster, by) : undefined)
}

function drawing(cluster: Cluster, by: FoldBy): Drawing | undefined {
  const picture = pictureOf(reachGraph(cluster.graph, by))
  return picture.boxes.length > 0 && isReadable(picture) ? drawingOf(picture) : undefined
}
