import { benchRun } from './bench-run.ts'
import { explanation } from './compare-packets.ts'
import { savingsTable } from './report.ts'
import { ruleVariants, variantCases } from './rule-variants.ts'
import { sizeCases } from './size-cases.ts'

/** What each rule on the way of every packet costs: the ruleset for 1,000 policies less that rule, against all of it. */
export async function compareRules(): Promise<void> {
  const start = performance.now()
  const musts = { isolated: 1, unselected: 1, established: 1 }
  const all = sizeCases([1_000], musts)
  const baseline = all[0]!.ruleset
  const cases = all.filter(({ ruleset, state }) => ruleset === baseline && state === 'new')
  const result = await benchRun({
    baseline,
    cases: variantCases(cases, ruleVariants(baseline)),
    packets: 10_000,
    fewestRounds: 5,
    mostRounds: 15,
    until: start + 300_000,
  })
  console.log(explanation(result)[0])
  console.log(savingsTable(result.measurements).join('\n'))
  console.log(`\n${((performance.now() - start) / 1_000).toFixed(0)} s in all`)
}
