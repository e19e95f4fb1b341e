import { longest } from '../longest.ts'
import { attributeText, element, escapeXml } from './svg-element.ts'

export interface Point {
  readonly x: number
  readonly y: number
}

const HEAD = 7
const ROUNDING = 16
const LINE = 14

/** A line through the points, a head at its end, and its words in the middle. */
export function arrowShape(points: readonly Point[], label: Point, lines: readonly string[], title: string): string {
  const end = points.at(-1) ?? label
  const before = points.at(-2) ?? label
  const content = [
    `<title>${escapeXml(title)}</title>`,
    element('path', { class: 'arrow', d: pathThrough(points) }),
    element('polygon', { class: 'head', points: headAt(end, before) }),
    ...plate(label, lines),
  ]
  return element('g', {}, content.join(''))
}

/** Straight from point to point, round at the corners: so the line really passes its label, which lies on a point. */
function pathThrough(points: readonly Point[]): string {
  const [first, ...rest] = points
  if (first === undefined) return ''
  let path = `M${pair(first)}`
  for (const [index, corner] of rest.entries()) {
    const before = points[index] ?? first
    const after = rest[index + 1]
    if (after === undefined) path += ` L${pair(corner)}`
    else path += ` L${pair(towards(corner, before))} Q${pair(corner)} ${pair(towards(corner, after))}`
  }
  return path
}

/** The point at the end of the corner's rounding on the way to the other. */
function towards(corner: Point, other: Point): Point {
  const length = Math.hypot(other.x - corner.x, other.y - corner.y) || 1
  const part = Math.min(ROUNDING, length / 2) / length
  return { x: corner.x + (other.x - corner.x) * part, y: corner.y + (other.y - corner.y) * part }
}

function headAt(end: Point, before: Point): string {
  const length = Math.hypot(end.x - before.x, end.y - before.y) || 1
  const [dx, dy] = [(end.x - before.x) / length, (end.y - before.y) / length]
  const base = { x: end.x - dx * HEAD, y: end.y - dy * HEAD }
  const side = HEAD / 2
  return [end, { x: base.x - dy * side, y: base.y + dx * side }, { x: base.x + dy * side, y: base.y - dx * side }]
    .map(pair)
    .join(' ')
}

function plate({ x, y }: Point, lines: readonly string[]): readonly string[] {
  const width = longest(lines) * 5.8 + 6
  const height = lines.length * LINE
  const top = y - height / 2
  return [
    element('rect', { class: 'plate', x: x - width / 2, y: top, width, height }),
    ...lines.map((line, index) =>
      element('text', { class: 'faint', x, y: top + 11 + index * LINE, 'text-anchor': 'middle' }, escapeXml(line)),
    ),
  ]
}

function pair({ x, y }: Point): string {
  return `${attributeText(x)},${attributeText(y)}`
}
