import type { BenchCase, BenchRuleset } from './bench-case.ts'
import { burstsOf, ESTABLISHED_PORT, MOST_PACKETS, ROUNDS_PER_TABLE, warmingBurst } from './bursts.ts'
import { type Flow, flowKey } from './flow.ts'
import { requestFrame } from './flow-frames.ts'
import type { RouterHandle } from './router-handle.ts'
import { createTally } from './tally.ts'

export interface Measurement {
  readonly of: BenchCase
  /** Nanoseconds a packet, one for each round, in the order of `under`. */
  readonly baseline: readonly number[]
  readonly under: readonly number[]
}

export interface MeasureSettings {
  readonly handleOf: ReadonlyMap<BenchRuleset, RouterHandle>
  readonly baseline: BenchRuleset
  /** Whether what is sent comes to the sink; default it does. */
  readonly isDenied?: boolean
  /** Flows of one key cost the baseline the same. */
  readonly alike: (flow: Flow) => string
  readonly fewestRounds: number
  /** No further round begins after this moment of `performance.now()`, unless there were too few. */
  readonly until: number
}

interface Row extends Measurement {
  readonly baseline: number[]
  readonly under: number[]
  readonly handle: RouterHandle
  /** How many a burst may have, by what one costs. */
  readonly packets: number
}

/** Neighbouring cases that share a burst of the baseline, each with its bursts by round. */
interface Group {
  readonly bare: readonly (readonly Uint8Array[])[]
  /** Not measured, before the burst. */
  readonly warming: readonly Uint8Array[]
  readonly rows: readonly {
    readonly row: Row
    readonly bursts: readonly (readonly Uint8Array[])[]
    readonly warming: readonly Uint8Array[]
  }[]
}

/** A burst of slow packets has fewer of them, to last no longer than this, in nanoseconds. */
const LONGEST_BURST = 10e6
const FEWEST_PACKETS = 25
const SHARING = 3

/**
 * All cases, of one state, in turn, round by round, beside bursts of the same packets through the baseline's router: what
 * slows the machine for longer than some milliseconds slows both, and their ratio stays. Throws where a flow does not pass.
 */
export async function measure(cases: readonly BenchCase[], settings: MeasureSettings): Promise<readonly Measurement[]> {
  const { handleOf, fewestRounds, until, alike, isDenied = false } = settings
  const handle = (ruleset: BenchRuleset): RouterHandle => {
    const found = handleOf.get(ruleset)
    if (found === undefined) throw new Error(`no router enforces ${ruleset.name}`)
    return found
  }
  const bare = handle(settings.baseline)
  const isNew = cases[0]?.state === 'new'
  const tally = createTally([...new Set([bare, ...cases.map(({ ruleset }) => handle(ruleset))])], isDenied)
  await tally.empty()
  if (!isNew) await establishAll(cases, handle, bare)
  const rows: Row[] = []
  for (const of of cases) {
    const packets = await warmUp(of, handle(of.ruleset), isDenied)
    rows.push({ of, handle: handle(of.ruleset), packets, baseline: [], under: [] })
  }
  const groups = groupsOf(rows, alike)
  if (isNew) await tally.empty()
  tally.begin()
  for (let round = 0; round < fewestRounds || performance.now() < until; round += 1) {
    const turn = round % ROUNDS_PER_TABLE
    if (round > 0 && turn === 0) {
      await tally.check(isNew)
      if (isNew) await tally.empty()
    }
    for (const group of groups) {
      const cost = await tally.burst(bare, group.bare[turn]!, group.warming)
      for (const { row, bursts, warming } of group.rows) {
        row.baseline.push(cost)
        row.under.push(await tally.burst(row.handle, bursts[turn]!, warming))
      }
    }
  }
  await tally.check(isNew)
  return rows
}

async function establishAll(
  cases: readonly BenchCase[],
  handle: (ruleset: BenchRuleset) => RouterHandle,
  bare: RouterHandle,
): Promise<void> {
  const wanted = new Map<RouterHandle, Map<string, Flow>>()
  for (const { ruleset, flow } of cases) {
    for (const one of [bare, handle(ruleset)]) {
      const flows = wanted.get(one) ?? new Map<string, Flow>()
      wanted.set(one, flows.set(flowKey(flow), flow))
    }
  }
  for (const [one, flows] of wanted) await one.establish([...flows.values()], ESTABLISHED_PORT)
}

/** Shows at once whether the flow passes, or does not, and returns how many packets a burst may have, by what one costs. */
async function warmUp(
  { ruleset, name, flow, state }: BenchCase,
  handle: RouterHandle,
  isDenied: boolean,
): Promise<number> {
  const port = (index: number): number => (state === 'new' ? 1_000 + index : ESTABLISHED_PORT)
  const frames = Array.from({ length: FEWEST_PACKETS }, (_, index) => requestFrame(flow, port(index)))
  const [arrivedBefore, flowsBefore] = [handle.arrived(), await handle.flows()]
  const cost = (await handle.sender.send(frames)) / frames.length
  const [arrived, flows] = [handle.arrived() - arrivedBefore, (await handle.flows()) - flowsBefore]
  const isRight = isDenied
    ? arrived === 0 && flows === 0
    : arrived >= frames.length && flows === (state === 'new' ? frames.length : 0)
  if (!isRight) {
    const what = `${ruleset.name}, ${name}, ${state} ${flow.source} → ${flow.destination}:${flow.destinationPort}`
    throw new Error(`${what}: ${arrived} of ${frames.length} packets arrived, ${flows} new flows`)
  }
  return Math.max(FEWEST_PACKETS, Math.min(MOST_PACKETS, Math.floor(LONGEST_BURST / cost)))
}

function warmingOf({ of: { flow, state } }: Row): readonly Uint8Array[] {
  return warmingBurst(flow, state)
}

function groupsOf(rows: readonly Row[], alike: (flow: Flow) => string): readonly Group[] {
  const kind = ({ of, packets }: Row): string => `${alike(of.flow)} ${packets}`
  const neighbours: [Row, ...Row[]][] = []
  for (const row of rows) {
    const last = neighbours.at(-1)
    if (last !== undefined && kind(last[0]) === kind(row) && last.length < SHARING) last.push(row)
    else neighbours.push([row])
  }
  // The same flow may stand for several groups in the baseline's table, and for several cases in a ruleset's.
  const places = new Map<string, number>()
  const bursts = (table: string, { of: { flow, state }, packets }: Row): readonly (readonly Uint8Array[])[] => {
    const key = `${table} ${flowKey(flow)}`
    const place = places.get(key) ?? 0
    places.set(key, place + 1)
    return burstsOf(flow, state, packets, place)
  }
  return neighbours.map((group) => ({
    bare: bursts('bare', group[0]),
    warming: warmingOf(group[0]),
    rows: group.map((row) => ({ row, bursts: bursts(row.handle.router.namespace, row), warming: warmingOf(row) })),
  }))
}
