import { Graph, layout } from '@dagrejs/dagre'
import { wrapText } from '../wrap-text.ts'
import { ANYONE, type Arrow, EVERY_POD, type Picture } from '../picture.ts'
import { longest } from '../longest.ts'
import { useText } from '../seen-arrows.ts'
import { arrowShape, type Point } from './arrow-shape.ts'
import { boxShape } from './box-shape.ts'
import { legend, legendHeight, LEGEND_WIDTH, USES } from './legend.ts'
import type { Drawing } from './svg-document.ts'
import { element, escapeXml } from './svg-element.ts'

interface Placed {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const LETTER = 6.8
const LINE = 14
const MARGIN = 20
const LONGEST_LINE = 30

/** Out of a box below, past the label, and back: of such an arrow the layout knows where its label is, and no line. */
function loopOf({ x, y, width, height }: Placed, label: Point): readonly Point[] {
  const [left, right, below] = [x - width / 3, x + width / 3, y + height / 2]
  return [
    { x: left, y: below },
    { x: left, y: label.y },
    { x: right, y: label.y },
    { x: right, y: below },
  ]
}

/** What is written in a box: the name, and below it, faint, what it is. */
interface BoxText {
  readonly name: readonly string[]
  readonly detail: readonly string[]
}

/** Boxes in their namespaces, arrows with their ports; laid out in layers from left to right. */
export function drawingOf({ boxes, arrows }: Picture): Drawing {
  if (boxes.length === 0) return { width: 320, height: 60, content: element('text', { x: 20, y: 34 }, 'No pods.') }
  const graph = new Graph({ compound: true, multigraph: true })
  graph.setGraph({ rankdir: 'LR', nodesep: 22, ranksep: 56, edgesep: 14, marginx: MARGIN, marginy: MARGIN })
  const texts = new Map(
    boxes.map(({ id, label, detail, namespace }): readonly [string, BoxText] => [
      id,
      { name: wrapText(label, LONGEST_LINE), detail: namespace === undefined || detail === '' ? [] : [detail] },
    ]),
  )
  for (const namespace of namespacesOf({ boxes, arrows })) graph.setNode(`namespace ${namespace}`, {})
  for (const { id, namespace } of boxes) {
    const lines = linesOf(texts.get(id))
    const width = Math.max(6, longest(lines)) * LETTER + 26
    graph.setNode(id, { width, height: lines.length * LINE + 16 })
    if (namespace !== undefined) graph.setParent(id, `namespace ${namespace}`)
  }
  for (const [index, arrow] of arrows.entries()) {
    const { from, to } = arrow
    const lines = labelLines(arrow)
    const width = longest(lines) * (LETTER - 0.8) + 8
    graph.setEdge(from, to, { width, height: lines.length * LINE, labelpos: 'c' }, String(index))
  }
  layout(graph)

  const placed = (id: string): Placed => graph.node(id) as Placed
  const drawn = [
    ...namespacesOf({ boxes, arrows }).map((namespace) => namespaceShape(namespace, placed(`namespace ${namespace}`))),
    ...arrows.map((arrow, index) => {
      const { from, to, ports, use } = arrow
      const edge = graph.edge(from, to, String(index)) as {
        readonly points: readonly Point[]
        readonly x: number
        readonly y: number
      }
      const title = `${from} → ${to}: ${[ports, ...(use === undefined ? [] : [useText(use)])].join('; ')}`
      const points = from === to ? loopOf(placed(from), edge) : edge.points
      const shape = arrowShape(points, edge, labelLines(arrow), title, use?.kind)
      return element('g', { 'data-from': from, 'data-to': to }, shape)
    }),
    ...boxes.map(({ id, namespace, state }) => {
      const { x, y, width, height } = placed(id)
      const text = texts.get(id)
      const shape =
        namespace === undefined ? '' : boxShape({ x: x - width / 2, y: y - height / 2, width, height }, state)
      const words = textLines(text, x, y - ((linesOf(text).length - 1) * LINE) / 2 + 4)
      return element('g', { 'data-box': id }, shape + words)
    }),
  ]
  const words = {
    hasMany: boxes.some(({ id }) => id === ANYONE || id === EVERY_POD),
    hasHosts: boxes.some(({ state }) => state === 'host network'),
    uses: USES.filter((kind) => arrows.some(({ use }) => use?.kind === kind)),
  }
  const size = graph.graph() as { readonly width: number; readonly height: number }
  return {
    width: Math.max(size.width, LEGEND_WIDTH),
    height: size.height + legendHeight(words),
    content: `${drawn.join('\n')}\n${legend(size.height, words)}`,
  }
}

/** Its ports, and how often it was seen. */
function labelLines({ ports, use }: Arrow): readonly string[] {
  return [...wrapText(ports, LONGEST_LINE), ...(use === undefined ? [] : wrapText(useText(use), LONGEST_LINE))]
}

function namespacesOf({ boxes }: Picture): readonly string[] {
  return [...new Set(boxes.flatMap(({ namespace }) => namespace ?? []))].sort()
}

function linesOf(text: BoxText | undefined): readonly string[] {
  return text === undefined ? [] : [...text.name, ...text.detail]
}

function namespaceShape(name: string, { x, y, width, height }: Placed): string {
  const left = x - width / 2
  // Room for the name above the first box.
  const top = y - height / 2 - 8
  return (
    element('rect', { class: 'namespace', x: left, y: top, width, height: height + 8, rx: 6 }) +
    element('text', { class: 'title', x: left + 8, y: top + 16 }, escapeXml(name))
  )
}

function textLines(text: BoxText | undefined, x: number, y: number): string {
  const names = text?.name.length ?? 0
  return linesOf(text)
    .map((line, index) => {
      const attributes = { class: index < names ? undefined : 'faint', x, y: y + index * LINE, 'text-anchor': 'middle' }
      return element('text', attributes, escapeXml(line))
    })
    .join('')
}
