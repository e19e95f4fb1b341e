import type { Lab } from '../../../src/lab/lab.ts'
import type { ClusterSize } from '../made-up-cluster.ts'
import { type AgentHandle, startAgent } from './agent-handle.ts'
import type { AgentMemory } from './agent-proc.ts'
import type { BenchCluster } from './bench-cluster.ts'
import { NODE, type Spread } from './bench-objects.ts'
import { type IdleCost, idleCost } from './idle-cost.ts'
import { probesOf, type ProbeResult, runProbe } from './probes.ts'
import { createPodEvents, type EventCost, eventCost, measureRate, type RateResult } from './rates.ts'

/** What of, and how much of it. */
export interface Effort {
  /** The agent, to be run by Node. */
  readonly main: string
  /** A policy comes and goes so many times while nothing else happens. */
  readonly probes: number
  /** Of each rate, twice: alone, and while a policy comes and goes. */
  readonly rateSeconds: number
  readonly rates: readonly number[]
  /** Events of the long run, 0 for none, and its rate. */
  readonly longRun: { readonly events: number; readonly perSecond: number }
  /** A folder for CPU profiles of the agent. */
  readonly profile: string | undefined
}

/** One agent in one cluster. */
export interface AgentResult {
  readonly api: 'kube-apiserver' | 'simulated'
  readonly size: ClusterSize
  readonly spread: Spread
  readonly start: AgentHandle['start'] & AgentMemory
  readonly idle: readonly ProbeResult[]
  readonly idleCost: IdleCost
  readonly rates: readonly RateResult[]
  readonly longRun: EventCost | undefined
  readonly end: AgentMemory
}

/** Starts an agent on a node without a table, measures it and ends it; the table goes too. */
export async function measureAgent(
  lab: Lab,
  cluster: BenchCluster,
  of: Pick<AgentResult, 'api' | 'size' | 'spread'>,
  effort: Effort,
): Promise<AgentResult> {
  const probes = probesOf(of.spread)
  const agent = await startAgent(lab, { ...effort, node: NODE, kubeconfig: cluster.kubeconfig })
  try {
    await agent.quiet(1_500)
    const start = { ...agent.start, ...agent.memory() }
    const idle: ProbeResult[] = []
    for (const probe of probes) idle.push(await runProbe(lab, cluster, probe, (times) => times >= effort.probes))
    const events = await createPodEvents(cluster, of.size)
    const still = await idleCost(agent)
    const rates: RateResult[] = []
    for (const perSecond of effort.rates) {
      const options = { perSecond, seconds: effort.rateSeconds, probe: probes.at(-1) }
      rates.push(await measureRate(lab, cluster, agent, events, options))
    }
    const { longRun: long } = effort
    const longRun =
      long.events === 0 ? undefined : await eventCost(agent, events, long.perSecond, (count) => count >= long.events)
    // What a burst leaves it gives back five to ten seconds later (give-back-when-quiet.ts).
    if (longRun !== undefined) await agent.quiet(12_000)
    return { ...of, start, idle, idleCost: still, rates, longRun, end: agent.memory() }
  } finally {
    await agent.stop()
    await lab.exec(NODE, ['nft', 'delete', 'table', 'inet', 'selvedge'])
  }
}
