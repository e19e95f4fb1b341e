import type { BenchCase, BenchRuleset } from './bench-case.ts'
import { type Burst, type BurstSettings, establish, sendBurst } from './burst.ts'
import { flowFamily } from './flow.ts'
import type { Router } from './routers.ts'

export interface Measurement {
  readonly of: BenchCase
  /** Nanoseconds a packet, one for each round, in the order of `under`. */
  readonly baseline: readonly number[]
  readonly under: readonly number[]
}

export interface MeasureSettings extends BurstSettings {
  readonly routerOf: ReadonlyMap<BenchRuleset, Router>
  readonly baseline: BenchRuleset
  /** Packets of a burst; fewer where it would last longer than `longestBurst` nanoseconds. */
  readonly packets: number
  readonly longestBurst: number
  readonly fewestRounds: number
  readonly mostRounds: number
  /** No further round begins after this moment of `performance.now()`, unless there were too few. */
  readonly until: number
}

interface Row extends Measurement {
  readonly baseline: number[]
  readonly under: number[]
  readonly router: Router
  packets: number
}

/** So many cases share one burst of the baseline; it is never further away than this. */
const SHARING = 3

/**
 * All cases in turn, round by round, beside bursts of the same packets through the baseline's router: what slows the
 * machine for longer than a moment slows both, and their ratio stays. Throws where a flow does not pass.
 */
export async function measure(cases: readonly BenchCase[], settings: MeasureSettings): Promise<readonly Measurement[]> {
  const routerOf = (ruleset: BenchRuleset): Router => {
    const router = settings.routerOf.get(ruleset)
    if (router === undefined) throw new Error(`no router enforces ${ruleset.name}`)
    return router
  }
  const bare = routerOf(settings.baseline)
  const rows = cases.map((of): Row => ({ of, router: routerOf(of.ruleset), packets: 0, baseline: [], under: [] }))
  for (const row of rows) row.packets = await warmUp(row, bare, settings)
  for (let round = 1; round <= settings.mostRounds; round += 1) {
    if (round > settings.fewestRounds && performance.now() > settings.until) break
    for (const group of groupsOf(rows)) {
      const cost = await passingBurst(settings, burstOf(group[0], bare), settings.baseline.name)
      for (const row of group) {
        row.baseline.push(cost)
        row.under.push(await passingBurst(settings, burstOf(row, row.router), row.of.ruleset.name))
      }
    }
  }
  return rows
}

/** Neighbours of one family and state. */
function groupsOf(rows: readonly Row[]): readonly (readonly [Row, ...Row[]])[] {
  const groups: [Row, ...Row[]][] = []
  for (const row of rows) {
    const last = groups.at(-1)
    const kin = last !== undefined && kind(last[0]) === kind(row) && last.length < SHARING
    if (kin) last.push(row)
    else groups.push([row])
  }
  return groups
}

function kind({ of: { flow, state } }: Row): string {
  return `${flowFamily(flow)} ${state}`
}

function burstOf({ of: { flow, state }, packets }: Row, router: Router): Burst {
  return { router, flow, state, packets }
}

/** With few packets: shows at once whether the flow passes, and returns how many packets a burst may have. */
async function warmUp(row: Row, bare: Router, settings: MeasureSettings): Promise<number> {
  const { ruleset, flow, state } = row.of
  const packets = Math.min(300, settings.packets)
  if (state === 'established') for (const router of [bare, row.router]) await establish(settings, router, flow)
  const cost = await passingBurst(settings, { ...burstOf(row, row.router), packets }, ruleset.name)
  return Math.max(packets, Math.min(settings.packets, Math.floor(settings.longestBurst / cost)))
}

/** A burst of which every packet arrives, each new flow as a conntrack entry. */
async function passingBurst(settings: BurstSettings, burst: Burst, what: string): Promise<number> {
  const { nanoseconds, arrived, flows, report } = await sendBurst(settings, burst)
  const { flow, packets, state } = burst
  if (arrived === packets && flows === (state === 'new' ? packets : 0)) return nanoseconds
  const route = `${state} ${flow.source} → ${flow.destination}:${flow.destinationPort}`
  throw new Error(`${what}: ${route}: ${arrived} of ${packets} packets arrived, ${flows} new flows\n${report}`)
}
