import type { Arrangement } from '../../src/lab/plan.ts'

/** Both; only one where SELVEDGE_ARRANGEMENT says which, since an emulated machine has not the time for two (test/vm). */
export function arrangements(): readonly Arrangement[] {
  const only = process.env['SELVEDGE_ARRANGEMENT']
  const all = ['bridged', 'routed'] as const
  if (only === undefined) return all
  const chosen = all.filter((one) => one === only)
  if (chosen.length === 0) throw new Error(`SELVEDGE_ARRANGEMENT is neither of ${all.join(', ')}: ${only}`)
  return chosen
}
