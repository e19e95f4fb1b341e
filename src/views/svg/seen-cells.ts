import type { LaidFlow } from '../lay-flows.ts'
import { kindOf, useText } from '../seen-arrows.ts'
import { attributeText, element, escapeXml } from './svg-element.ts'

/** What was seen between a row and a column. */
export interface SeenCell {
  readonly used: number
  /** It passed, and may not any more. */
  readonly gone: number
  readonly refused: number
}

export interface SeenCells {
  at(row: number, column: number): SeenCell | undefined
  readonly cells: readonly { readonly row: number; readonly column: number; readonly cell: SeenCell }[]
  /** Flows with an end that is no row of the table, or that the input does not know. */
  readonly leftOut: number
}

/** Flows by the places of their ends. */
export function seenCells(flows: readonly LaidFlow[], placeOf: (end: string) => number | undefined): SeenCells {
  const cells = new Map<string, { readonly row: number; readonly column: number; readonly cell: SeenCell }>()
  let leftOut = 0
  for (const flow of flows) {
    const { from, to } = flow
    const [row, column, kind] = [placeOf(from), placeOf(to), kindOf(flow)]
    if (row === undefined || column === undefined || kind === 'not known') {
      leftOut += 1
      continue
    }
    const cell = cells.get(`${row} ${column}`)?.cell ?? { used: 0, gone: 0, refused: 0 }
    cells.set(`${row} ${column}`, { row, column, cell: { ...cell, [kind]: cell[kind] + flow.flow.count } })
  }
  return {
    at: (row, column) => cells.get(`${row} ${column}`)?.cell,
    cells: [...cells.values()].toSorted((one, other) => one.row - other.row || one.column - other.column),
    leftOut,
  }
}

/** What lies over a cell: a filled square that was used, a cross that was refused, or passed and may not any more. */
export function seenMarks(cell: SeenCell, title: string, x: number, y: number, size: number): string {
  const words = [
    title,
    ...(['used', 'gone', 'refused'] as const).flatMap((kind) =>
      cell[kind] === 0 ? [] : [useText({ kind, count: cell[kind] })],
    ),
  ].join('; ')
  const inset = size * 0.25
  const square = element('rect', { class: 'some', x: x + inset, y: y + inset, width: size / 2, height: size / 2 })
  const marks = [
    ...(cell.used > 0 ? [square] : []),
    ...(cell.gone + cell.refused > 0 ? [element('path', { class: 'tried', d: cross(x, y, size) })] : []),
  ]
  return element('g', {}, `<title>${escapeXml(words)}</title>${marks.join('')}`)
}

export function cross(x: number, y: number, size: number): string {
  const [near, far] = [size * 0.15, size * 0.85]
  const at = (dx: number, dy: number): string => `${attributeText(x + dx)},${attributeText(y + dy)}`
  return `M${at(near, near)} L${at(far, far)} M${at(near, far)} L${at(far, near)}`
}
