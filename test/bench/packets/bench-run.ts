import { FAMILIES } from '../../../compiler/addresses/address.ts'
import type { BenchCase, BenchRuleset } from './bench-case.ts'
import { createFlowCaptures } from './flow-captures.ts'
import { flowFamily } from './flow.ts'
import { type LoadTime, loadRulesets } from './load-rulesets.ts'
import { lookAtMachine, type Machine, stolenTicks } from './machine.ts'
import { measure, type Measurement, type MeasureSettings } from './measure.ts'
import type { SenderCost } from './report.ts'
import { buildRouters } from './routers.ts'
import { senderCost } from './sender-cost.ts'

export interface RunPlan extends Pick<MeasureSettings, 'packets' | 'fewestRounds' | 'mostRounds' | 'until'> {
  readonly baseline: BenchRuleset
  readonly cases: readonly BenchCase[]
}

export interface RunResult {
  readonly machine: Machine
  readonly loads: readonly LoadTime[]
  readonly measurements: readonly Measurement[]
  readonly sender: SenderCost
  /** Of the measuring CPU's time, what the hypervisor took, in hundredths. */
  readonly stolenPercent: number
}

/** Real-time tasks are stopped for a moment once they ran most of a second: no burst may last that long. */
const LONGEST_BURST = 250e6
const TICKS_PER_SECOND = 100

/** Builds a router for each ruleset, measures, and takes all of it down again. */
export async function benchRun({ baseline, cases, ...plan }: RunPlan): Promise<RunResult> {
  const machine = await lookAtMachine()
  const rulesets = [...new Set([baseline, ...cases.map(({ ruleset }) => ruleset)])]
  const captures = createFlowCaptures(plan.packets)
  const routers = await buildRouters(rulesets.length + 1)
  try {
    const routerOf = new Map(rulesets.map((ruleset, index) => [ruleset, routers.routers[index]!]))
    const loads = await loadRulesets(routerOf)
    const burst = { routers, captures, pinned: machine.pinned }
    const [start, stolen] = [performance.now(), stolenTicks(machine.cpu)]
    const settings = { ...plan, ...burst, routerOf, baseline, longestBurst: LONGEST_BURST }
    // Established flows first, in tables that nobody empties; half of the time for each.
    const inTurn = rulesets.flatMap((ruleset) =>
      FAMILIES.flatMap((family) => cases.filter((one) => one.ruleset === ruleset && flowFamily(one.flow) === family)),
    )
    const established = inTurn.filter(({ state }) => state === 'established')
    const half = established.length === 0 ? start : (start + plan.until) / 2
    const measurements = [
      ...(await measure(established, { ...settings, until: half })),
      ...(await measure(
        inTurn.filter(({ state }) => state === 'new'),
        settings,
      )),
    ]
    const ticks = ((performance.now() - start) / 1_000) * TICKS_PER_SECOND
    const stolenPercent = (100 * (stolenTicks(machine.cpu) - stolen)) / ticks
    const door = routers.routers.at(-1)!
    const sender = {
      IPv4: await senderCost(burst, door, cases.find(({ flow }) => !flow.source.includes(':'))!.flow, plan.packets),
      IPv6: await senderCost(burst, door, cases.find(({ flow }) => flow.source.includes(':'))!.flow, plan.packets),
    }
    const order = (one: Measurement): number => cases.indexOf(one.of)
    measurements.sort((left, right) => order(left) - order(right))
    return { machine, loads, measurements, sender, stolenPercent }
  } finally {
    captures.close()
    await routers.close()
  }
}
