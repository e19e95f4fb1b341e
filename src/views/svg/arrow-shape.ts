import type { Use } from '../seen-arrows.ts'
import { longest } from '../longest.ts'
import { attributeText, element, escapeXml } from './svg-element.ts'

export interface Point {
  readonly x: number
  readonly y: number
}

const HEAD = 7
const ROUNDING = 16
const LINE = 14

/** A line through the points, a head at its end (of what is refused a bar), and its words in the middle. */
export function arrowShape(
  points: readonly Point[],
  label: Point,
  lines: readonly string[],
  title: string,
  use?: Use['kind'],
): string {
  const content = [`<title>${escapeXml(title)}</title>`, lineShape(points, use), ...plate(label, lines)]
  return element('g', {}, content.join(''))
}

/** The line and its end alone. */
export function lineShape(points: readonly Point[], use?: Use['kind']): string {
  const [before, end] = points.slice(-2)
  if (before === undefined || end === undefined) return ''
  const kind = use === undefined ? '' : ` ${use.replace(' ', '-')}`
  const isStopped = use === 'refused' || use === 'gone'
  return (
    element('path', { class: `arrow${kind}`, d: pathThrough(points) }) +
    (isStopped
      ? element('path', { class: `bar${kind}`, d: barAt(end, before) })
      : element('polygon', { class: `head${kind}`, points: headAt(end, before) }))
  )
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

/** Across the line, a little before its end. */
function barAt(end: Point, before: Point): string {
  const length = Math.hypot(end.x - before.x, end.y - before.y) || 1
  const [dx, dy] = [(end.x - before.x) / length, (end.y - before.y) / length]
  const at = { x: end.x - dx * 3, y: end.y - dy * 3 }
  return `M${pair({ x: at.x - dy * HEAD, y: at.y + dx * HEAD })} L${pair({ x: at.x + dy * HEAD, y: at.y - dx * HEAD })}`
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
