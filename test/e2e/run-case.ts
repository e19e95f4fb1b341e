import type { Case, Theme } from './case.ts'
import type { Row } from './report.ts'
import { CaseFailure } from './ways.ts'
import type { World } from './world.ts'

/** One case, its line printed as it ends. Whatever it throws is a failure of the case, not of the suite. */
export async function runCase(world: World, theme: Theme, one: Case): Promise<Row> {
  const start = performance.now()
  const row = await rowOf(world, theme, one)
  const seconds = ((performance.now() - start) / 1_000).toFixed(1)
  process.stdout.write(`${row.verdict.padEnd(5)}${theme.name}: ${one.name} (${seconds} s)\n`)
  if (row.verdict === 'FAIL') process.stdout.write(`     ${row.note.replaceAll('\n', '\n     ')}\n`)
  return row
}

async function rowOf(world: World, theme: Theme, one: Case): Promise<Row> {
  const base = { theme: theme.name, name: one.name, milliseconds: undefined }
  try {
    const outcome = await one.run(world)
    switch (outcome.kind) {
      case 'pass':
        return { ...base, verdict: 'ok', milliseconds: outcome.milliseconds, note: outcome.note ?? '' }
      case 'skip':
        return { ...base, verdict: 'skip', note: outcome.why }
    }
  } catch (error) {
    const note = error instanceof CaseFailure ? error.message : String(error)
    return { ...base, verdict: 'FAIL', note }
  }
}
