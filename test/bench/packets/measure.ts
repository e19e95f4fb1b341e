import type { BenchCase, BenchRuleset } from './bench-case.ts'
import { type Flow, flowKey } from './flow.ts'
import { requestFrame } from './flow-frames.ts'
import type { RouterHandle } from './router-handle.ts'

export interface Measurement {
  readonly of: BenchCase
  /** Nanoseconds a packet, one for each round, in the order of `under`. */
  readonly baseline: readonly number[]
  readonly under: readonly number[]
}

export interface MeasureSettings {
  readonly handleOf: ReadonlyMap<BenchRuleset, RouterHandle>
  readonly baseline: BenchRuleset
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
  /** One burst of frames for each round until the tables are emptied; always the same one for an established flow. */
  bursts: readonly (readonly Uint8Array[])[]
}

const PACKETS = 250
/** A burst of slow packets has fewer of them, to last no longer than this, in nanoseconds. */
const LONGEST_BURST = 10e6
const FEWEST_PACKETS = 25
/** After so many rounds the new flows' tables are emptied, and the same flows are new again. */
const ROUNDS_PER_TABLE = 5
const FIRST_PORT = 10_000
/** So many neighbouring cases of one kind share a burst of the baseline. */
const SHARING = 3

/**
 * All cases, of one state, in turn, round by round, beside bursts of the same packets through the baseline's router: what
 * slows the machine for longer than some milliseconds slows both, and their ratio stays. Throws where a flow does not pass.
 */
export async function measure(cases: readonly BenchCase[], settings: MeasureSettings): Promise<readonly Measurement[]> {
  const { handleOf, fewestRounds, until } = settings
  const handle = (ruleset: BenchRuleset): RouterHandle => {
    const found = handleOf.get(ruleset)
    if (found === undefined) throw new Error(`no router enforces ${ruleset.name}`)
    return found
  }
  const bare = handle(settings.baseline)
  const rows = cases.map((of): Row => ({ of, handle: handle(of.ruleset), bursts: [], baseline: [], under: [] }))
  const handles = [...new Set([bare, ...rows.map((row) => row.handle)])]
  const emptyTables = () => Promise.all(handles.map((one) => one.flush()))

  await emptyTables()
  await establishAll(rows, bare)
  for (const row of rows) row.bursts = await warmUp(row)
  if (cases[0]?.state === 'new') await emptyTables()
  const [sent, arrived] = [new Map<RouterHandle, number>(), new Map(handles.map((one) => [one, one.arrived()]))]
  const burst = async (one: RouterHandle, frames: readonly Uint8Array[]): Promise<number> => {
    sent.set(one, (sent.get(one) ?? 0) + frames.length)
    return (await one.sender.send(frames)) / frames.length
  }
  for (let round = 0; round < fewestRounds || performance.now() < until; round += 1) {
    if (round > 0 && round % ROUNDS_PER_TABLE === 0 && cases[0]?.state === 'new') await emptyTables()
    for (const group of groupsOf(rows, settings.alike)) {
      const cost = await burst(bare, group[0].bursts[round % ROUNDS_PER_TABLE] ?? [])
      for (const row of group) {
        row.baseline.push(cost)
        row.under.push(await burst(row.handle, row.bursts[round % ROUNDS_PER_TABLE] ?? []))
      }
    }
  }
  for (const [one, packets] of sent) {
    const missing = packets - (one.arrived() - (arrived.get(one) ?? 0))
    if (missing > 0) throw new Error(`${missing} of ${packets} packets did not arrive through ${one.router.into}`)
  }
  return rows
}

async function establishAll(rows: readonly Row[], bare: RouterHandle): Promise<void> {
  const established = rows.filter(({ of }) => of.state === 'established')
  const wanted = new Map<RouterHandle, Map<string, Flow>>()
  for (const { of, handle } of established) {
    for (const one of [bare, handle]) {
      const flows = wanted.get(one) ?? new Map<string, Flow>()
      wanted.set(one, flows.set(flowKey(of.flow), of.flow))
    }
  }
  for (const [one, flows] of wanted) await one.establish([...flows.values()], FIRST_PORT)
}

/** Shows at once whether the flow passes, and returns the bursts to send, by what a packet costs. */
async function warmUp({ of: { ruleset, name, flow, state }, handle }: Row): Promise<Row['bursts']> {
  const frame = (port: number): Uint8Array => requestFrame(flow, port)
  const few = Array.from({ length: FEWEST_PACKETS }, (_, index) => frame(state === 'new' ? 1_000 + index : FIRST_PORT))
  const [arrivedBefore, flowsBefore] = [handle.arrived(), await handle.flows()]
  const cost = (await handle.sender.send(few)) / few.length
  const [arrived, flows] = [handle.arrived() - arrivedBefore, (await handle.flows()) - flowsBefore]
  if (arrived < few.length || flows !== (state === 'new' ? few.length : 0)) {
    const what = `${ruleset.name}, ${name}, ${state} ${flow.source} → ${flow.destination}:${flow.destinationPort}`
    throw new Error(`${what}: ${arrived} of ${few.length} packets arrived, ${flows} new flows`)
  }
  const packets = Math.max(FEWEST_PACKETS, Math.min(PACKETS, Math.floor(LONGEST_BURST / cost)))
  const same = frame(FIRST_PORT)
  return Array.from({ length: ROUNDS_PER_TABLE }, (_, turn) =>
    Array.from({ length: packets }, (__, index) =>
      state === 'new' ? frame(FIRST_PORT + turn * packets + index) : same,
    ),
  )
}

/** Neighbours whose baseline is the same. */
function groupsOf(rows: readonly Row[], alike: (flow: Flow) => string): readonly (readonly [Row, ...Row[]])[] {
  const kind = ({ of, bursts }: Row): string => `${alike(of.flow)} ${bursts[0]?.length}`
  const groups: [Row, ...Row[]][] = []
  for (const row of rows) {
    const last = groups.at(-1)
    if (last !== undefined && kind(last[0]) === kind(row) && last.length < SHARING) last.push(row)
    else groups.push([row])
  }
  return groups
}
