import { bareRuleset } from './bare-ruleset.ts'
import type { BenchCase } from './bench-case.ts'
import { benchRun, type RunResult } from './bench-run.ts'
import { formCases } from './forms.ts'
import { alignColumns, ratioTable } from './report.ts'
import { linearCases, type Musts, sizeCases } from './size-cases.ts'

const MUSTS: Musts = { isolated: 1.2, unselected: 1.1, established: 1.05 }

/** Our layout and the classic one against the baseline, printed as tables. */
export async function comparePackets(quick: boolean): Promise<void> {
  const start = performance.now()
  const sizes = quick ? [1_000] : [10, 100, 1_000, 10_000]
  const sized = sizeCases(sizes, MUSTS)
  const cases = [
    ...controlCases(sized),
    ...sized,
    ...formCases(MUSTS.isolated),
    // One chain and two sets for each of 10,000 policies load for minutes and are walked for most of a millisecond.
    ...linearCases(quick ? [100] : sizes.filter((size) => size < 10_000)),
  ]
  const plan = quick
    ? { packets: 3_000, fewestRounds: 5, mostRounds: 5, until: start }
    : { packets: 10_000, fewestRounds: 5, mostRounds: 15, until: start + 330_000 }
  const result = await benchRun({ baseline: bareRuleset('bare'), cases, ...plan })
  console.log(explanation(result).join('\n'))
  console.log(`\n${ratioTable(result.measurements, result.sender).join('\n')}`)
  const loads = result.loads.map(({ ruleset, load, addElement }) => [
    ruleset.name,
    (ruleset.text.length / 1024).toFixed(0),
    load.toFixed(0),
    addElement?.toFixed(0) ?? '',
  ])
  console.log(`\n${alignColumns([['ruleset', 'text kB', 'load ms', 'add one element ms'], ...loads]).join('\n')}`)
  console.log(`\n${((performance.now() - start) / 1_000).toFixed(0)} s in all`)
}

/** The baseline against itself in another router: any difference from 1.00 is noise. */
function controlCases(cases: readonly BenchCase[]): readonly BenchCase[] {
  const ruleset = bareRuleset('bare again (noise)')
  const first = cases[0]?.ruleset
  return cases
    .filter((one) => one.ruleset === first && one.name.startsWith('isolated'))
    .map((one): BenchCase => ({ ...one, ruleset, name: 'no policy', must: undefined }))
}

export function explanation({ machine, measurements, sender, stolenPercent }: RunResult): readonly string[] {
  const rounds = measurements[0]?.under.length ?? 0
  return [
    `${machine.facts}; measured on CPU ${machine.cpu}; ${stolenPercent.toFixed(1)} % of it taken by the hypervisor`,
    `UDP without payload from sender through router to sink over veth, each a network namespace; the sink drops at once.`,
    machine.isRealTime
      ? `The sender runs with real-time priority on one CPU: nothing preempts it, so its elapsed time is CPU time.`
      : `NO REAL-TIME PRIORITY here: the sender can be preempted, so single rounds are worth little.`,
    `Ratios: median (least–most) over ${rounds} rounds, each burst against one of the same packets under the bare baseline`,
    `(one rule, ct state new,established accept) just before it. On the right the fastest burst of each side, which noise can only`,
    `have slowed. All contain the sender's own cost, IPv4 ${sender.IPv4.toFixed(0)} ns, IPv6 ${sender.IPv6.toFixed(0)} ns a packet; the last column leaves it out.`,
    `Musts: new flow isolated ≤ 1.2, unselected ≤ 1.1, established ≤ 1.05; ! marks a miss. The prototype had 1.15 / 1.05 for one rule,`,
    `1.08–1.14 merged, unselected 1.08 / 1.03.`,
  ]
}
