import { benchRun } from './bench-run.ts'
import { flowKey } from './flow.ts'
import { savingsTable } from './report.ts'
import { ruleVariants, variantCases } from './rule-variants.ts'
import { sizeCases } from './size-cases.ts'

/** What each rule on the way of every packet costs: the ruleset for 1,000 policies less that rule, against all of it. */
export async function compareRules(): Promise<void> {
  const start = performance.now()
  const all = sizeCases([1_000], { isolated: 1, unselected: 1, established: 1 })
  const baseline = all[0]!.ruleset
  const cases = all.filter(
    ({ ruleset, state, name }) => ruleset === baseline && (state === 'new' || name !== 'isolated pod'),
  )
  const variants = [{ chain: 'none', rule: 'nothing', ruleset: { ...baseline, name: 'nothing (noise)' } }]
  const result = await benchRun({
    baseline,
    cases: variantCases(cases, [...variants, ...ruleVariants(baseline)]),
    alike: flowKey,
    fewestRounds: 5,
    seconds: 150,
  })
  const [machine, rounds] = [result.machine, result.measurements[0]?.under.length ?? 0]
  console.log(
    `${machine.facts}; measured on CPU ${machine.cpu}; medians of about ${rounds} rounds, and the middle half of them`,
  )
  console.log(savingsTable(result.measurements).join('\n'))
  console.log(`\n${((performance.now() - start) / 1_000).toFixed(0)} s in all`)
}
