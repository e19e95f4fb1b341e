import type { ReachGraph } from '../../../compiler/reach/reach-graph.ts'
import { foldedEdges } from '../edge-lines.ts'
import { stateOf } from '../picture.ts'
import type { LaidFlow } from '../lay-flows.ts'
import { withoutRepeats } from '../without-repeats.ts'
import { longest } from '../longest.ts'
import type { Drawing } from './svg-document.ts'
import { cross, seenCells, type SeenCells, seenMarks } from './seen-cells.ts'
import { attributeText, element, escapeXml } from './svg-element.ts'

/** One row and column: an end of connections. */
interface End {
  readonly id: string
  readonly namespace: string
  readonly mark: string
}

/** Names stay as large as anywhere else: a table of hundreds is for looking around in, not for one screen. */
const CELL = 15
const LETTER = 6.6
const LONGEST_NAME = 44
const KEY_HEIGHT = 52
const KEY_ROW = 22
const KEY_WIDTH = 520

const MARKS = {
  open: '○',
  isolated: '●',
  'ingress isolated': '◐',
  'egress isolated': '◑',
  'host network': '◇',
} as const

/** Who reaches whom as a table: rows are where connections come from, columns where they go. Readable with hundreds of ends. */
export function matrixOf(graph: ReachGraph, flows?: readonly LaidFlow[]): Drawing {
  const strangers = new Set(graph.possible.map(({ peer }) => peer.id))
  const edges = foldedEdges(withoutRepeats(graph.edges, { hosts: new Set(), strangers }))
  const nodes = graph.nodes.map((node): End => ({ id: node.id, namespace: node.namespace, mark: MARKS[stateOf(node)] }))
  const known = new Set(nodes.map(({ id }) => id))
  const outside = [...new Set(edges.flatMap(({ from, to }) => [from, to]))].filter((end) => !known.has(end)).sort()
  const ends = [...nodes, ...outside.map((id): End => ({ id, namespace: '', mark: '' }))]
  const index = new Map(ends.map(({ id }, position) => [id, position]))
  const cells = new Map<number, Map<number, string>>()
  for (const { from, to, ports } of edges) {
    const row = index.get(from) ?? -1
    cells.set(row, (cells.get(row) ?? new Map<number, string>()).set(index.get(to) ?? -1, ports))
  }

  const letters = Math.min(LONGEST_NAME, longest(ends.map(({ id }) => id)))
  const left = letters * LETTER + 36
  const hasHosts = graph.nodes.some(({ hostNetwork }) => hostNetwork)
  const seen = flows && seenCells(flows, (end) => index.get(end))
  const keyRows = Number(hasHosts) + (seen === undefined ? 0 : seen.leftOut > 0 ? 2 : 1)
  const top = letters * LETTER + 40 + KEY_HEIGHT + keyRows * KEY_ROW
  const size = ends.length * CELL
  const parts = [
    key(hasHosts, seen),
    ...stripes(ends, left, top, size),
    ...rules(ends, left, top, size),
    ...ends.map((end, position) => rowText(end, left - 6, top + (position + 0.75) * CELL)),
    ...ends.map((end, position) => columnText(end, left + (position + 0.75) * CELL, top - 6)),
    ...[...cells]
      .sort(([one], [other]) => one - other)
      .flatMap(([row, columns]) => rowCells(ends, row, columns, left, top, seen)),
    ...(seen?.cells ?? []).map(({ row, column, cell }) =>
      seenMarks(
        cell,
        cellTitle(ends, row, column, cells.get(row)?.get(column)),
        left + column * CELL,
        top + row * CELL,
        CELL,
      ),
    ),
  ]
  return { width: Math.max(left + size, KEY_WIDTH) + 24, height: top + size + 24, content: parts.join('\n') }
}

/** What the cells and marks mean, shown as they look. */
function key(hasHosts: boolean, seen: SeenCells | undefined): string {
  const seenY = hasHosts ? 90 : 68
  const words = (x: number, y: number, text: string) => element('text', { x, y }, escapeXml(text))
  return [
    words(16, 24, 'Rows reach columns.'),
    element('rect', { class: 'all', x: 150, y: 14, width: 30, height: CELL - 2 }),
    words(188, 24, 'everything'),
    ...(seen === undefined
      ? [
          element('rect', { class: 'some', x: 268, y: 15, width: 9, height: 9 }),
          words(286, 24, 'some ports: rest on it to see which'),
        ]
      : [words(268, 24, 'Rest on a mark to see ports and counts.')]),
    words(16, 46, '● isolated both ways · ◐ reached only as allowed · ◑ reaches only what is allowed · ○ open'),
    ...(seen === undefined ? [] : seenKey(seen, seenY, words)),
    ...(hasHosts ? [words(16, 68, `◇ on the network of its node: no policy governs it, no selector matches it`)] : []),
  ].join('\n')
}

/** What was seen, with flows laid over it. */
function seenKey(
  { leftOut }: SeenCells,
  y: number,
  words: (x: number, y: number, text: string) => string,
): readonly string[] {
  const rest = leftOut === 1 ? '1 flow has' : `${leftOut.toLocaleString('en')} flows have`
  return [
    element('rect', { class: 'some', x: 18, y: y - 8, width: 8, height: 8 }),
    words(34, y, 'allowed, and seen'),
    element('rect', { class: 'may', x: 158, y: y - 8, width: 8, height: 8 }),
    words(174, y, 'allowed, and never seen'),
    element('path', { class: 'tried', d: cross(330, y - 11, 14) }),
    words(350, y, 'refused, or not allowed now'),
    ...(leftOut === 0 ? [] : [words(16, y + KEY_ROW, `${rest} an end that is no row here`)]),
  ]
}

function cellTitle(ends: readonly End[], row: number, column: number, ports: string | undefined): string {
  return `${ends[row]?.id ?? ''} → ${ends[column]?.id ?? ''}: ${ports ?? 'not allowed'}`
}

function rowText({ id, mark }: End, x: number, y: number): string {
  return element('text', { x, y, 'text-anchor': 'end' }, escapeXml(`${shortened(id)} ${mark}`))
}

function columnText({ id, mark }: End, x: number, y: number): string {
  const foot = y - (mark === '' ? 0 : CELL)
  const transform = `rotate(-90 ${attributeText(x)} ${attributeText(foot)})`
  // The mark stays upright: turned, one half-open state would look like the other.
  const upright = mark === '' ? '' : element('text', { x: x - CELL / 4, y, 'text-anchor': 'middle' }, mark)
  return element('text', { x, y: foot, transform }, escapeXml(shortened(id))) + upright
}

/** Every other group of five rows is tinted, so that eyes find back to the name. */
function stripes(ends: readonly End[], left: number, top: number, size: number): readonly string[] {
  const count = Math.ceil(ends.length / 10)
  return Array.from({ length: count }, (_, index) => {
    const first = index * 10 + 5
    const rows = Math.min(5, ends.length - first)
    if (rows <= 0) return ''
    return element('rect', { class: 'stripe', x: left, y: top + first * CELL, width: size, height: rows * CELL })
  })
}

function shortened(id: string): string {
  return id.length > LONGEST_NAME ? `${id.slice(0, LONGEST_NAME - 1)}…` : id
}

/** Lines between namespaces only: a full grid would drown the cells. */
function rules(ends: readonly End[], left: number, top: number, size: number): readonly string[] {
  const starts = ends.flatMap(({ namespace }, position) =>
    position === 0 || ends[position - 1]?.namespace !== namespace ? [position] : [],
  )
  return [...starts, ends.length].flatMap((position) => {
    const at = position * CELL
    return [
      element('line', { class: 'rule', x1: left, y1: top + at, x2: left + size, y2: top + at }),
      element('line', { class: 'rule', x1: left + at, y1: top, x2: left + at, y2: top + size }),
    ]
  })
}

/** Neighbouring cells where everything passes are one shape: of open pods there may be hundreds. */
function rowCells(
  ends: readonly End[],
  row: number,
  columns: ReadonlyMap<number, string>,
  left: number,
  top: number,
  seen: SeenCells | undefined,
): readonly string[] {
  const shapes: string[] = []
  const y = top + row * CELL
  for (let column = 0; column < ends.length; column += 1) {
    const ports = columns.get(column)
    if (ports === undefined) continue
    if (ports !== 'everything') {
      // What was used is marked by itself.
      if ((seen?.at(row, column)?.used ?? 0) > 0) continue
      const title = `<title>${escapeXml(cellTitle(ends, row, column, ports))}</title>`
      const inset = CELL * 0.25
      shapes.push(
        element(
          'rect',
          {
            class: seen === undefined ? 'some' : 'may',
            x: left + column * CELL + inset,
            y: y + inset,
            width: CELL / 2,
            height: CELL / 2,
          },
          title,
        ),
      )
      continue
    }
    const start = column
    while (columns.get(column + 1) === 'everything') column += 1
    shapes.push(
      element('rect', {
        class: 'all',
        x: left + start * CELL + 1,
        y: y + 1,
        width: (column - start + 1) * CELL - 2,
        height: CELL - 2,
      }),
    )
  }
  return shapes
}
