import { setTimeout as pause } from 'node:timers/promises'
import type { FleetCluster } from './fleet-cluster.ts'
import type { Readers } from './readers.ts'

/** What so many readers cost. CPU in seconds of the API server with its etcd, bytes of all readers together. */
export interface FleetRow {
  readonly readers: number
  /** All begin at once. */
  readonly start: Cost
  readonly relabel: EventCost
  readonly replace: EventCost
}

export interface Cost {
  readonly cpu: number
  readonly bytes: number
  readonly readerCpu: number
  /** On the wall, in seconds. */
  readonly seconds: number
}

export interface EventCost extends Cost {
  readonly events: number
}

const QUIET = 500
const LONGEST_SYNC = 240_000
const LONGEST_DELIVERY = 60_000

/** So many readers start, see so many pods change and so many replaced, and go. */
export async function measureFleet(
  cluster: FleetCluster,
  readers: Readers,
  count: number,
  pods: number,
): Promise<FleetRow> {
  const taking = async (act: () => Promise<unknown>): Promise<Cost> => {
    await pause(QUIET)
    const [cpu, readerCpu, { bytes }, started] = [
      cluster.cpu(),
      readers.cpu(),
      await readers.standing(),
      performance.now(),
    ]
    await act()
    const seconds = (performance.now() - started) / 1000
    await untilQuiet(readers)
    const now = await readers.standing()
    return { cpu: cluster.cpu() - cpu, readerCpu: readers.cpu() - readerCpu, bytes: now.bytes - bytes, seconds }
  }
  const start = await taking(() => (count === 0 ? pause(0) : readers.start(count, LONGEST_SYNC)))
  const relabel = await taking(() => cluster.relabel(pods))
  let events = 0
  const replace = await taking(async () => (events = await cluster.replace(pods)))
  await readers.stop()
  return { readers: count, start, relabel: { ...relabel, events: pods }, replace: { ...replace, events } }
}

/** Nothing more has come for a while. */
async function untilQuiet(readers: Readers): Promise<void> {
  let { bytes } = await readers.standing()
  for (let left = LONGEST_DELIVERY; left > 0; left -= QUIET) {
    await pause(QUIET)
    const now = await readers.standing()
    // Asking reads some of it itself.
    if (now.bytes - bytes < 20_000) return
    bytes = now.bytes
  }
  throw new Error('the readers do not come to rest')
}
