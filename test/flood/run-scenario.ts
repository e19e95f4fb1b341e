import type { RulesetOptions } from '../../compiler/nftables/options.ts'
import type { Lab } from '../../src/lab/lab.ts'
import type { RawCluster } from '../oracle/raw-cluster.ts'
import { numRuns } from '../support/runs.ts'
import { verdictsOf } from './constancy.ts'
import { countProbes } from './count-probes.ts'
import { type FloodProbe, framesOf, probeTitle } from './flood-probe.ts'
import { type NodeAgent, startNodeAgent } from './node-agent.ts'
import { astray, swapUnderFlood, thirdVerdicts } from './swap-under-flood.ts'

export interface Scenario {
  readonly states: readonly RawCluster[]
  readonly probes: readonly FloodProbe[]
  readonly options?: Partial<RulesetOptions>
  /** How many at least, when FC_RUNS does not say; default 50. */
  readonly swaps?: number
  /** What is done to the kernel before each change. */
  readonly before?: (agent: NodeAgent) => void
}

export interface ScenarioReport {
  readonly swaps: number
  /** Packets that were let down. */
  readonly astray: number
  /** Probes that were let down during a change; empty when all is well. */
  readonly third: readonly string[]
  /** Probes with another verdict than the oracle's once a change was over. */
  readonly wrong: readonly string[]
  /** Probes whose verdict ought to change, and did not while the clusters followed each other. */
  readonly unmoved: readonly string[]
}

/** Nothing to complain about. */
export const CLEAN: Pick<ScenarioReport, 'third' | 'wrong' | 'unmoved'> = { third: [], wrong: [], unmoved: [] }

/**
 * Begins with the pods alone, when every flow is free to be established; then the clusters follow each other under the flood,
 * and at last each comes once more, to be probed at rest.
 */
export async function runScenario(
  lab: Lab,
  { states, probes, options, swaps = 50, before }: Scenario,
): Promise<ScenarioReport> {
  const [first] = states
  if (first === undefined) throw new Error('a scenario has clusters')
  const agent = await startNodeAgent(lab, { ...first, policies: [] }, options === undefined ? {} : { options })
  await establish(lab, probes)
  await agent.become(first)
  const become = async (next: RawCluster) => {
    before?.(agent)
    await agent.become(next)
  }
  const began = performance.now()
  const done = agent.applications.length
  const rounds = numRuns(Math.ceil(swaps / states.length))
  const tallies = await swapUnderFlood(lab, { states, probes, rounds, become })
  const transactions = agent.applications.slice(done).reduce((sum, one) => sum + one.transactions, 0)
  const offered = tallies.reduce((sum, tally) => sum + tally.offered, 0)
  const seconds = (performance.now() - began) / 1000
  console.log(
    `${rounds * states.length} swaps, ${transactions} transactions, ${offered} packets, ${seconds.toFixed(1)} s; ` +
      `${Math.round(offered / seconds)} packets a second`,
  )
  for (const constancy of ['always', 'never']) {
    if (!tallies.some((tally) => tally.constancy === constancy)) throw new Error(`no probe has ${constancy} to pass`)
  }
  const unmoved = tallies.filter(
    ({ constancy, offered: all, passed }) => constancy === 'changes' && (passed === 0 || passed === all),
  )
  return {
    swaps: rounds * states.length,
    astray: tallies.reduce((sum, tally) => sum + astray(tally), 0),
    third: thirdVerdicts(tallies),
    unmoved: unmoved.map(({ title }) => title),
    wrong: await wrongAtRest(lab, { states, probes, become }),
  }
}

/** One request and one reply of each flow that is to live, while nobody is isolated. */
async function establish(lab: Lab, probes: readonly FloodProbe[]): Promise<void> {
  const living = probes.filter(({ state }) => state !== 'new')
  await lab.sendFrames(
    'flooder',
    living.flatMap((probe) => framesOf(lab, probe)),
  )
}

async function wrongAtRest(
  lab: Lab,
  {
    states,
    probes,
    become,
  }: { states: Scenario['states']; probes: Scenario['probes']; become(next: RawCluster): Promise<void> },
): Promise<readonly string[]> {
  const wrong: string[] = []
  for (const [index, state] of [...states.slice(1), ...states.slice(0, 1)].entries()) {
    await become(state)
    const counters = await countProbes(lab, probes)
    await lab.sendFrames(
      'flooder',
      probes.flatMap((probe) => framesOf(lab, probe)),
    )
    const counts = await counters.read()
    await counters.close()
    for (const [position, probe] of probes.entries()) {
      const [verdict] = verdictsOf([state], probe)
      const { offered = 0, passed = 0 } = counts[position] ?? {}
      if (offered === 0 || passed !== (verdict?.allowed ? offered : 0)) {
        wrong.push(`${probeTitle(probe)} after change ${index + 1}: ${passed} of ${offered} passed`)
      }
    }
  }
  return wrong
}
