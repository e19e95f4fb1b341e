import type { Entry } from '../../../compiler/explain/entries.ts'
import type { ReachGraph } from '../../../compiler/reach/reach-graph.ts'
import type { LaidFlow } from '../lay-flows.ts'
import { type Picture, pictureOf } from '../picture.ts'
import { drawingOf } from './drawing-svg.ts'
import { matrixOf } from './matrix-svg.ts'
import { svgDocument } from './svg-document.ts'

/** Beyond this a drawing is a hairball, and laying it out takes seconds. */
const MOST_BOXES = 60
const MOST_ARROWS = 100

/** A drawing while it can be read, a table where it could not; the same graph gives the same bytes. */
export function graphSvg(graph: ReachGraph, ways: readonly Entry[] = [], flows?: readonly LaidFlow[]): string {
  const picture = pictureOf(graph, ways, flows)
  return svgDocument(isReadable(picture) ? drawingOf(picture) : matrixOf(graph, flows), flows !== undefined)
}

/** Can eyes follow the arrows of its drawing? */
export function isReadable({ boxes, arrows }: Picture): boolean {
  return boxes.length <= MOST_BOXES && arrows.length <= MOST_ARROWS
}
