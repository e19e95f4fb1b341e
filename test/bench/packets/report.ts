import { flowFamily } from './flow.ts'
import type { Measurement } from './measure.ts'
import { median } from './statistics.ts'

/** The sender's own part of a packet's cost, in nanoseconds; small for a sender, large for a ratio. */
export interface SenderCost {
  readonly IPv4: number
  readonly IPv6: number
}

/**
 * One row a case and state, both families side by side: the ratio (median of the rounds' ratios, least–most); then, of the
 * fastest burst of each side, which noise can only have slowed, the ratio, the nanoseconds added, and the ratio less the
 * sender's own cost. A missed must is marked.
 */
export function ratioTable(measurements: readonly Measurement[], sender: SenderCost): readonly string[] {
  const rows = [['', 'flow', 'must', 'IPv4', '', 'IPv6', '', 'best rounds', 'added ns', 'less the sender']]
  let ruleset = ''
  for (const group of Map.groupBy(measurements, ({ of }) => `${of.ruleset.name}|${of.name}|${of.state}`).values()) {
    const { of } = group[0]!
    const cells = group.map(({ baseline, under, of: { must, flow } }) => {
      const ratios = under.map((value, round) => value / baseline[round]!)
      const ratio = median(ratios)
      const [bare, best] = [Math.min(...baseline), Math.min(...under)]
      const added = best - bare
      const missed = must !== undefined && ratio > must ? ' !' : ''
      return {
        ratio: `${ratio.toFixed(2)}${missed}`,
        range: `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`,
        best: (best / bare).toFixed(2),
        added: added.toFixed(0),
        less: (1 + added / (bare - sender[flowFamily(flow)])).toFixed(2),
      }
    })
    if (of.ruleset.name !== ruleset) rows.push([of.ruleset.name])
    ruleset = of.ruleset.name
    rows.push([
      '',
      `${of.name}, ${of.state}`,
      of.must === undefined ? '' : `≤ ${of.must}`,
      ...cells.flatMap(({ ratio, range }) => [ratio, range]),
      cells.map(({ best }) => best).join(' / '),
      cells.map(({ added }) => added).join(' / '),
      cells.map(({ less }) => less).join(' / '),
    ])
  }
  return alignColumns(rows)
}

/** What each left-out rule saves, in hundredths (median, least–most), and in nanoseconds a packet by the fastest bursts. */
export function savingsTable(measurements: readonly Measurement[]): readonly string[] {
  const rows = [['without', 'flow', 'saved %', 'least–most %', 'best rounds: ns', '%']]
  for (const { of, baseline, under } of measurements) {
    const percent = baseline.map((value, round) => 100 * (1 - under[round]! / value))
    const [all, best] = [Math.min(...baseline), Math.min(...under)]
    rows.push([
      of.ruleset.name,
      `${flowFamily(of.flow)} ${of.name}, ${of.state}`,
      median(percent).toFixed(1),
      `${Math.min(...percent).toFixed(1)}–${Math.max(...percent).toFixed(1)}`,
      (all - best).toFixed(0),
      (100 * (1 - best / all)).toFixed(1),
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
