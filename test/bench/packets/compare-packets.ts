import { bareRuleset } from './bare-ruleset.ts'
import type { BenchCase } from './bench-case.ts'
import { benchRun, type RunResult } from './bench-run.ts'
import { flowFamily } from './flow.ts'
import { formCases } from './forms.ts'
import { alignColumns, ratioTable } from './report.ts'
import { heldCases, linearCases, type Musts, sizeCases } from './size-cases.ts'

const MUSTS: Musts = { isolated: 1.2, unselected: 1.1, established: 1.05 }

/** Our layout and the classic one against the baseline, printed as tables. */
export async function comparePackets(quick: boolean): Promise<void> {
  const start = performance.now()
  const sizes = quick ? [1_000] : [10, 100, 1_000, 10_000]
  const sized = sizeCases(sizes, MUSTS)
  const cases = [
    ...controlCases(sized),
    ...sized,
    ...heldCases(1_000, MUSTS),
    ...formCases(MUSTS.isolated),
    // One chain and two sets for each of 10,000 policies load for minutes and are walked for most of a millisecond.
    ...linearCases(quick ? [100] : sizes.filter((size) => size < 10_000)),
  ]
  const baseline = bareRuleset('bare')
  const result = await benchRun({ baseline, cases, alike: flowFamily, fewestRounds: 5, seconds: quick ? 40 : 240 })
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
  const first = cases[0]
  return cases
    .filter((one) => one.ruleset === first?.ruleset && one.name === first.name)
    .map((one): BenchCase => ({ ...one, ruleset, name: 'no policy', must: undefined }))
}

/** What was measured, how and where: the text above a table. */
export function explanation({ machine, measurements, sender }: RunResult): readonly string[] {
  const rounds = (state: string): number => measurements.find(({ of }) => of.state === state)?.under.length ?? 0
  return [
    `${machine.facts}; measured on CPU ${machine.cpu}`,
    '',
    'Empty UDP datagrams, 250 at a time, from sender through router to sink over veth, each a network namespace; the sink drops',
    "them at once. Counted is the sender's CPU time: veth hands a packet on within the system call that sends it, so it holds the",
    'whole path, and nothing of other processes. A case is compared with the same packets through a router whose only rule is',
    `"ct state new,established accept", measured just before: median of ${rounds('new')} rounds (established flows: ${rounds('established')}) and the middle`,
    `half of them. The sender's own cost, IPv4 ${sender.IPv4.toFixed(0)} ns and IPv6 ${sender.IPv6.toFixed(0)} ns a packet, is in the ratios; the last column`,
    'leaves it out. For comparison, the prototype: isolated new 1.15 with one rule, 1.08–1.14 merged, established 1.05; unselected',
    '1.08 and 1.03. ! marks a miss.',
  ]
}
