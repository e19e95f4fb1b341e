import type { BoxState } from '../picture.ts'
import { boxShape } from './box-shape.ts'
import { element, escapeXml } from './svg-element.ts'

const STATES: readonly (readonly [BoxState, string])[] = [
  ['isolated', 'isolated: both ways only as allowed'],
  ['ingress isolated', 'reached only as allowed'],
  ['egress isolated', 'reaches only what is allowed'],
  ['open', 'open: everything passes, and is not drawn'],
]

const MANY = 'anyone, every pod: whoever is not isolated itself in that direction; anyone has the addresses outside too'

export const LEGEND_ROW = 22
const COLUMN = 275

export const LEGEND_HEIGHT = 2 * LEGEND_ROW + 16
export const LEGEND_WIDTH = 2 * COLUMN + 32

/** What the four kinds of boxes mean, in two rows of two: whole even below a narrow drawing. */
export function legend(top: number, hasMany: boolean): string {
  const states = STATES.map(([state, text], index) => {
    const x = 20 + (index % 2) * COLUMN
    const y = top + 8 + Math.floor(index / 2) * LEGEND_ROW
    const shape = boxShape({ x, y, width: 26, height: 14 }, state)
    return shape + element('text', { class: 'faint', x: x + 34, y: y + 11 }, escapeXml(text))
  })
  const many = { class: 'faint', x: 20, y: top + 19 + 2 * LEGEND_ROW }
  return [...states, ...(hasMany ? [element('text', many, escapeXml(MANY))] : [])].join('\n')
}
