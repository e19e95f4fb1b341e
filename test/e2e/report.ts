export interface Row {
  readonly theme: string
  readonly name: string
  readonly verdict: 'ok' | 'FAIL' | 'skip'
  /** Until enforcement; undefined where nothing was timed. */
  readonly milliseconds: number | undefined
  readonly note: string
}

/** Case, verdict, time to enforcement; then what failed or could not run, with the reason. */
export function reportTable(rows: readonly Row[]): string {
  const width = Math.max(4, ...rows.map(({ name }) => name.length))
  const lines = rows.map(
    ({ name, verdict, milliseconds, note }) =>
      `${name.padEnd(width)}  ${verdict.padEnd(7)} ${timeText(milliseconds).padStart(8)}${verdict === 'ok' && note !== '' ? `  ${note}` : ''}`,
  )
  const count = (verdict: Row['verdict']): number => rows.filter((row) => row.verdict === verdict).length
  const times = rows.flatMap(({ milliseconds }) => milliseconds ?? []).sort((a, b) => a - b)
  const median = times[Math.floor(times.length / 2)]
  const others = rows.filter(({ verdict }) => verdict !== 'ok')
  return [
    '',
    `${'case'.padEnd(width)}  verdict  enforced`,
    ...lines,
    ...others.map(
      ({ verdict, theme, name, note }) => `\n${verdict} ${theme}: ${name}\n  ${note.replaceAll('\n', '\n  ')}`,
    ),
    '',
    `${count('ok')} ok, ${count('FAIL')} failed, ${count('skip')} skipped; to enforcement: median ${timeText(median)}, longest ${timeText(times.at(-1))}`,
    '',
  ].join('\n')
}

function timeText(milliseconds: number | undefined): string {
  return milliseconds === undefined ? '' : `${milliseconds} ms`
}
