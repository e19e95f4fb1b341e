import type { BoxState } from '../picture.ts'
import type { Use } from '../seen-arrows.ts'
import { lineShape } from './arrow-shape.ts'
import { boxShape } from './box-shape.ts'
import { element, escapeXml } from './svg-element.ts'

const STATES: readonly (readonly [BoxState, string])[] = [
  ['isolated', 'isolated: both ways only as allowed'],
  ['ingress isolated', 'reached only as allowed'],
  ['egress isolated', 'reaches only what is allowed'],
  ['open', 'open: everything passes, and is not drawn'],
]

const SEEN_OPEN: (typeof STATES)[number] = ['open', 'open: everything passes, drawn where seen']

const HOST: (typeof STATES)[number] = [
  'host network',
  'on the network of its node: no policy governs it, and no selector matches it',
]

const MANY = 'anyone, every pod: whoever is not isolated itself in that direction; anyone has the addresses outside too'

const SEEN: Readonly<Record<Use['kind'], string>> = {
  used: 'allowed, and seen so often',
  never: 'allowed, and never seen',
  gone: 'seen, and not allowed any more',
  'not known': 'seen; the input does not say if allowed',
  refused: 'tried, and refused',
}

/** In the order of the legend. */
export const USES: readonly Use['kind'][] = ['used', 'never', 'refused', 'gone', 'not known']

const LEGEND_ROW = 22
const COLUMN = 275

export const LEGEND_WIDTH = 2 * COLUMN + 32

/** Beside the four states, what else the drawing has to be told about. */
export interface LegendParts {
  /** Anyone, or every pod. */
  readonly hasMany: boolean
  /** Boxes on the network of their node. */
  readonly hasHosts: boolean
  /** What was seen of arrows. */
  readonly uses: readonly Use['kind'][]
}

/** As high as it is drawn. */
export function legendHeight(parts: LegendParts): number {
  return (rowsAbove(parts) + Math.ceil(parts.uses.length / 2)) * LEGEND_ROW + 16
}

function rowsAbove({ hasMany, hasHosts }: LegendParts): number {
  return Math.ceil(statesOf(hasHosts).length / 2) + Number(hasMany)
}

function statesOf(hasHosts: boolean, hasUses = false): typeof STATES {
  const states = hasUses ? [...STATES.slice(0, -1), SEEN_OPEN] : STATES
  return hasHosts ? [...states, HOST] : states
}

/** What the kinds of boxes mean, in rows of two: whole even below a narrow drawing. */
export function legend(top: number, parts: LegendParts): string {
  const { hasMany, hasHosts, uses } = parts
  const states = statesOf(hasHosts, uses.length > 0).map(([state, text], index) => {
    const x = 20 + (index % 2) * COLUMN
    const y = top + 8 + Math.floor(index / 2) * LEGEND_ROW
    const shape = boxShape({ x, y, width: 26, height: 14 }, state)
    return shape + element('text', { class: 'faint', x: x + 34, y: y + 11 }, escapeXml(text))
  })
  const many = { class: 'faint', x: 20, y: top + 19 + Math.ceil(statesOf(hasHosts).length / 2) * LEGEND_ROW }
  const seen = uses.map((kind, index) => {
    const x = 20 + (index % 2) * COLUMN
    const y = top + 15 + (rowsAbove(parts) + Math.floor(index / 2)) * LEGEND_ROW
    const line = [
      { x, y },
      { x: x + 26, y },
    ]
    return lineShape(line, kind) + element('text', { class: 'faint', x: x + 34, y: y + 4 }, escapeXml(SEEN[kind]))
  })
  return [...states, ...(hasMany ? [element('text', many, escapeXml(MANY))] : []), ...seen].join('\n')
}
