import type { BoxState } from '../picture.ts'
import { boxShape } from './box-shape.ts'
import { element, escapeXml } from './svg-element.ts'

const STATES: readonly (readonly [BoxState, string])[] = [
  ['isolated', 'isolated: both ways only as allowed'],
  ['ingress isolated', 'reached only as allowed'],
  ['egress isolated', 'reaches only what is allowed'],
  ['open', 'open: everything passes, and is not drawn'],
]

const HOST: (typeof STATES)[number] = [
  'host network',
  'on the network of its node: no policy governs it, and no selector matches it',
]

const MANY = 'anyone, every pod: whoever is not isolated itself in that direction; anyone has the addresses outside too'

const LEGEND_ROW = 22
const COLUMN = 275

export const LEGEND_WIDTH = 2 * COLUMN + 32

/** Beside the four states, what else the drawing has to be told about. */
export interface LegendParts {
  /** Anyone, or every pod. */
  readonly hasMany: boolean
  /** Boxes on the network of their node. */
  readonly hasHosts: boolean
}

/** As high as it is drawn. */
export function legendHeight({ hasMany, hasHosts }: LegendParts): number {
  return (Math.ceil(statesOf(hasHosts).length / 2) + Number(hasMany)) * LEGEND_ROW + 16
}

function statesOf(hasHosts: boolean): typeof STATES {
  return hasHosts ? [...STATES, HOST] : STATES
}

/** What the kinds of boxes mean, in rows of two: whole even below a narrow drawing. */
export function legend(top: number, { hasMany, hasHosts }: LegendParts): string {
  const states = statesOf(hasHosts).map(([state, text], index) => {
    const x = 20 + (index % 2) * COLUMN
    const y = top + 8 + Math.floor(index / 2) * LEGEND_ROW
    const shape = boxShape({ x, y, width: 26, height: 14 }, state)
    return shape + element('text', { class: 'faint', x: x + 34, y: y + 11 }, escapeXml(text))
  })
  const many = { class: 'faint', x: 20, y: top + 19 + Math.ceil(statesOf(hasHosts).length / 2) * LEGEND_ROW }
  return [...states, ...(hasMany ? [element('text', many, escapeXml(MANY))] : [])].join('\n')
}
