import { flowFamily } from './flow.ts'
import type { Measurement } from './measure.ts'
import { median, quantile } from './statistics.ts'

/** The sender's own part of a packet's cost, in nanoseconds. */
export interface SenderCost {
  readonly IPv4: number
  readonly IPv6: number
}

/**
 * One row a case and state, both families side by side: the ratio (median of the rounds, and the middle half of them), the
 * nanoseconds added, and the ratio less the sender's own cost. A missed must is marked.
 */
export function ratioTable(measurements: readonly Measurement[], sender: SenderCost): readonly string[] {
  const rows = [['', 'flow', 'must', 'IPv4', '', 'IPv6', '', 'added ns', 'less the sender']]
  let ruleset = ''
  for (const group of Map.groupBy(measurements, ({ of }) => `${of.ruleset.name}|${of.name}|${of.state}`).values()) {
    const { of } = group[0]!
    const cells = group.map(({ baseline, under, of: { must, flow } }) => {
      const ratios = under.map((value, round) => value / baseline[round]!)
      const added = median(under.map((value, round) => value - baseline[round]!))
      const missed = must !== undefined && median(ratios) > must ? ' !' : ''
      return {
        ratio: `${median(ratios).toFixed(2)}${missed}`,
        range: middleHalf(ratios, 2),
        added: added.toFixed(0),
        less: (1 + added / (median(baseline) - sender[flowFamily(flow)])).toFixed(2),
      }
    })
    if (of.ruleset.name !== ruleset) rows.push([of.ruleset.name])
    ruleset = of.ruleset.name
    rows.push([
      '',
      `${of.name}, ${of.state}`,
      of.must === undefined ? '' : `≤ ${of.must}`,
      ...cells.flatMap(({ ratio, range }) => [ratio, range]),
      cells.map(({ added }) => added).join(' / '),
      cells.map(({ less }) => less).join(' / '),
    ])
  }
  return alignColumns(rows)
}

/** What each left-out rule saves of a packet's cost: medians, and the middle half of the rounds. */
export function savingsTable(measurements: readonly Measurement[]): readonly string[] {
  const rows = [['without', 'flow', 'saves ns', '%', '']]
  for (const { of, baseline, under } of measurements) {
    const percent = baseline.map((value, round) => 100 * (1 - under[round]! / value))
    rows.push([
      of.ruleset.name,
      `${flowFamily(of.flow)} ${of.name}, ${of.state}`,
      median(baseline.map((value, round) => value - under[round]!)).toFixed(0),
      median(percent).toFixed(1),
      middleHalf(percent, 1),
    ])
  }
  return alignColumns(rows)
}

/** Pads cells to their column; a row of one cell is a heading and takes no part. */
export function alignColumns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = []
  for (const row of rows) {
    if (row.length > 1) row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, cell.length)))
  }
  return rows.map((row) =>
    row
      .map((cell, column) => (row.length === 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  )
}

function middleHalf(values: readonly number[], digits: number): string {
  return `${quantile(values, 0.25).toFixed(digits)}–${quantile(values, 0.75).toFixed(digits)}`
}
