import { setTimeout as sleep } from 'node:timers/promises'
import type { Lab } from '../../../src/lab/lab.ts'
import type { ClusterSize } from '../made-up-cluster.ts'
import type { AgentHandle } from './agent-handle.ts'
import type { BenchCluster } from './bench-cluster.ts'
import { awayPods, podEvent } from './bench-objects.ts'
import { now } from './flood.ts'
import { type Probe, type ProbeResult, runProbe } from './probes.ts'

/** What pod events cost at a rate, and how long a policy takes meanwhile. */
export interface RateResult {
  readonly perSecond: number
  readonly cost: EventCost
  readonly probe: ProbeResult | undefined
}

export interface EventCost {
  readonly events: number
  /** Of the sending; less than asked for where the API was slower. */
  readonly perSecond: number
  /** Milliseconds of CPU an event: the agent's own, and that of nft. */
  readonly own: number
  readonly children: number
  /** An event. */
  readonly nftRuns: number
  readonly nftBytes: number
}

export type Enough = (events: number, seconds: number) => boolean

/** A stream of pod events, never twice the same turn. */
export interface PodEvents {
  /** Sends them at a rate, until `enough`, which is told how many and for how many seconds; returns how many. */
  send(perSecond: number, enough: Enough): Promise<number>
}

const MOST_IN_FLIGHT = 32
/** An agent that has applied nothing for so long has nothing left: it applies ten times a second under load. */
const QUIET_MILLISECONDS = 1_500

/** Sends the first ones, which only take pods away. */
export async function createPodEvents(cluster: BenchCluster, size: ClusterSize): Promise<PodEvents> {
  let turn = 0
  const stream: PodEvents = {
    async send(perSecond, enough) {
      const began = now()
      const inFlight = new Set<Promise<void>>()
      let events = 0
      while (!enough(events, (now() - began) / 1_000)) {
        const due = began + (events * 1_000) / perSecond
        const early = due - now()
        if (early > 0) await sleep(early)
        const sending: Promise<void> = cluster.relabel(podEvent(turn, size)).finally(() => inFlight.delete(sending))
        // Awaited below; until then a refusal is not unhandled.
        sending.catch(() => undefined)
        inFlight.add(sending)
        turn += 1
        events += 1
        if (inFlight.size >= MOST_IN_FLIGHT) await Promise.race(inFlight)
      }
      await Promise.all(inFlight)
      return events
    },
  }
  await stream.send(1_000, (events) => events >= awayPods(size))
  return stream
}

/** The cost of so many events, counted from an idle agent to an idle agent. */
export async function eventCost(
  agent: AgentHandle,
  events: PodEvents,
  perSecond: number,
  enough: Enough,
): Promise<EventCost> {
  const counters = async () => [
    await agent.metric('selvedge_nft_runs_total'),
    await agent.metric('selvedge_nft_bytes_total'),
  ]
  await agent.quiet(QUIET_MILLISECONDS)
  const [runsBefore = 0, bytesBefore = 0] = await counters()
  const [cpuBefore, began] = [agent.cpu(), now()]
  const count = await events.send(perSecond, enough)
  const seconds = (now() - began) / 1_000
  await agent.quiet(QUIET_MILLISECONDS)
  const cpu = agent.cpu()
  const [runs = 0, bytes = 0] = await counters()
  return {
    events: count,
    perSecond: count / seconds,
    own: (1_000 * (cpu.own - cpuBefore.own)) / count,
    children: (1_000 * (cpu.children - cpuBefore.children)) / count,
    nftRuns: (runs - runsBefore) / count,
    nftBytes: (bytes - bytesBefore) / count,
  }
}

/** For so long each: first events alone, then events while a policy comes and goes. */
export async function measureRate(
  lab: Lab,
  cluster: BenchCluster,
  agent: AgentHandle,
  events: PodEvents,
  options: { readonly perSecond: number; readonly seconds: number; readonly probe: Probe | undefined },
): Promise<RateResult> {
  const { perSecond, seconds, probe } = options
  const cost = await eventCost(agent, events, perSecond, (_, passed) => passed >= seconds)
  if (probe === undefined) return { perSecond, cost, probe: undefined }
  let over = false
  const sending = events.send(perSecond, () => over)
  sending.catch(() => undefined)
  const until = now() + seconds * 1_000
  const result = await runProbe(lab, cluster, probe, (times) => times > 0 && now() > until).finally(() => {
    over = true
  })
  await sending
  return { perSecond, cost, probe: result }
}
