import type { NotedFlow } from '../../compiler/flows/seen-flow.ts'
import { scanFlows } from '../../compiler/flows/scan-flows.ts'
import type { Records } from '../../compiler/nftables/flow-record.ts'
import type { Fate } from '../../compiler/nftables/recorded-sets.ts'
import { createInOrder } from '../kernel/in-order.ts'
import type { ListOptions } from '../kernel/list-json.ts'
import { readRefused, readSeenLost } from '../kernel/read-denied.ts'
import { readRecorded } from '../kernel/read-recorded.ts'
import type { AgentDenied } from '../telemetry/agent-denied.ts'
import type { AgentFlows } from '../telemetry/agent-flows.ts'
import type { NotedFlows, OfNamespace } from '../telemetry/metrics-snapshot.ts'
import type { Log } from '../telemetry/log.ts'
import type { AddressHistory } from './address-history.ts'
import { createDeniedLines } from './denied-lines.ts'
import { createDeniedByNamespace } from './denied-by-namespace.ts'
import { type BookedFlow, createFlowBook } from './flow-book.ts'
import { createFoldedBook } from './folded-book.ts'
import { forgetInKernel } from './forget-in-kernel.ts'
import { keepInTime } from './keep-in-time.ts'
import type { KernelPort } from './kernel-port.ts'
import { createToldFlow } from './told-flow.ts'
import { onTheBeat } from './on-the-beat.ts'

/** Looks from time to time what packets have left in the kernel, so that it is known since when; what was denied it says in the log. */
export interface FlowWatch {
  /** As it is now; undefined where it cannot be read. */
  askDenied(): Promise<AgentDenied | undefined>
  /** The same, with the pods as they were. */
  denied(): Promise<readonly BookedFlow[] | undefined>
  /** The same with what was allowed, where that is observed. */
  askFlows(): Promise<AgentFlows | undefined>
  /** Reads what there is, before the table is built anew and the kernel forgets it; never longer than a second. */
  keep(): Promise<void>
  /** The table has been built anew: the kernel knows nothing any more, and counts from nothing. */
  tableIsNew(): void
  /** As of the last look that found something new, or the last question. */
  byNamespace(): readonly OfNamespace[]
  /** As of the last look. */
  counts(): readonly NotedFlows[]
  stop(): void
}

export interface WatchFlowsOptions {
  readonly node: string
  readonly version: string
  readonly log: Log
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number
  readonly read: ListOptions
  /** One transaction. */
  readonly apply: KernelPort['apply']
  readonly owners: AddressHistory
  /** Is a pod of this node isolated? Where none is no policy denies anything, and no timer looks. */
  readonly isolatesAny: () => boolean
  /** Allowed connections are noted as well. */
  readonly observes: boolean
  /** Default: by the clock. */
  readonly every?: typeof onTheBeat
}

const LOOK_MILLISECONDS = 30_000
/** What the kernel counts by pod it forgets, too. */
const LONGEST_MILLISECONDS = 3_600_000
const SOON_MILLISECONDS = 3_000

export function watchFlows(options: WatchFlowsOptions): FlowWatch {
  const { node, version, log, now, read, apply, owners, isolatesAny, observes } = options
  const book = createFlowBook(now, owners)
  const told = createToldFlow(node, now, owners.ownerOf)
  const folded = createFoldedBook(now, owners)
  const lines = createDeniedLines(log, now)
  const namespaces = createDeniedByNamespace((address) => owners.ownerAt(address, now()))
  const fates: readonly Fate[] = observes ? ['denied', 'allowed'] : ['denied']
  /** Nothing older is known for sure. */
  let since = new Date().toISOString()
  /** Was all read that the table held? */
  let isKept = false
  let counted: number | undefined
  /** When what was denied was listed last. */
  let readAt = Number.NEGATIVE_INFINITY
  let seenLost: number | undefined
  /** By tables that were built anew since. */
  let lostBefore = 0
  /** While somebody scans, a set fills again faster than the timer looks. */
  let soon: NodeJS.Timeout | undefined
  /** How many tables there were before this one: what is read late of another one is nothing of it. */
  let tables = 0

  /** One after the other: an older reading that came after a newer one would look like counts that began anew. */
  const inOrder = createInOrder()

  async function readDenied(): Promise<boolean> {
    const began = tables
    const records = await readRecorded('denied', read)
    if (records === undefined || began !== tables) return false
    namespaces.take(records.totals)
    const left = await withoutScans('denied', records)
    if (began !== tables) return false
    book.take('denied', left).forEach(lines.tell)
    await handOver('denied')
    return true
  }

  async function readAllowed(): Promise<boolean> {
    const began = tables
    const records = await readRecorded('allowed', read)
    if (records === undefined || began !== tables) return false
    const left = await withoutScans('allowed', records)
    if (began !== tables) return false
    book.take('allowed', left)
    await handOver('allowed')
    seenLost = await readSeenLost(read)
    return true
  }

  /** Whoever keeps others out of a set has a row of its own, and makes room. */
  async function withoutScans(fate: Fate, records: Records): Promise<Records> {
    const scans = new Set(scanFlows(records.flows))
    if (scans.size === 0) return records
    // One that the kernel still holds is read again.
    const gone = await forgetInKernel([...scans], apply)
    const sources = folded.add(gone)
    if (fate === 'denied') sources.forEach(lines.tellFolded)
    book.takenOut(fate, gone, 'otherwise')
    clearTimeout(soon)
    soon = setTimeout(lookNow, SOON_MILLISECONDS)
    soon.unref()
    return { ...records, flows: records.flows.filter((flow) => !scans.has(flow)) }
  }

  /** What an address has when it goes to another pod stays with the one that had it. */
  async function handOver(fate: Fate): Promise<void> {
    const flows = book.handedOver(fate)
    if (flows.length > 0) book.takenOut(fate, await forgetInKernel(flows, apply))
  }

  /** One counter says whether there is anything new to list of what was denied: twelve runs of nft. */
  async function readIfCounted(): Promise<boolean> {
    const began = tables
    const packets = await readRefused(read)
    const isOld = now() - readAt > LONGEST_MILLISECONDS
    if (packets !== undefined && packets === counted && !isOld) {
      await handOver('denied')
      return true
    }
    if (!(await readDenied())) return false
    if (began === tables) [counted, readAt] = [packets, now()]
    return true
  }

  async function look(): Promise<void> {
    lines.flush()
    if (observes) await inOrder(readAllowed)
    if (isolatesAny()) await inOrder(readIfCounted)
  }

  // Anything that goes wrong here is nothing for which to end enforcement; the next look may be better.
  function lookNow(): void {
    void look().catch(() => undefined)
  }

  const head = () => ({ version, node, at: new Date().toISOString(), since })

  const beat = (options.every ?? onTheBeat)(LOOK_MILLISECONDS, lookNow)
  return {
    async askDenied() {
      if (!(await inOrder(readIfCounted))) return undefined
      const flows = book.flows('denied').map(told.flow)
      const [totals, rows] = [book.totals(), folded.rows('denied').map(told.folded)]
      return { ...head(), flows, folded: rows, totals, full: book.isFull('denied') }
    },
    denied: async () => ((await inOrder(readIfCounted)) ? book.flows('denied') : undefined),
    async askFlows() {
      if (!(await inOrder(readIfCounted)) || (observes && !(await inOrder(readAllowed)))) return undefined
      return {
        ...head(),
        observes,
        flows: fates
          .flatMap((fate) => book.flows(fate))
          .map((flow): NotedFlow => ({ ...told.flow(flow), fate: flow.fate })),
        folded: fates.flatMap((fate) => folded.rows(fate)).map(told.folded),
        totals: book.totals(),
        lost: { denied: book.lost(), allowed: seenLost === undefined ? null : lostBefore + seenLost },
        full: fates.filter((fate) => book.isFull(fate)),
      }
    },
    async keep() {
      const reading = Promise.all([inOrder(readDenied), observes ? inOrder(readAllowed) : true])
      isKept = await keepInTime(reading.then((all) => all.every(Boolean)))
    },
    tableIsNew() {
      tables += 1
      counted = undefined
      book.tableIsNew()
      namespaces.tableIsNew()
      lostBefore += seenLost ?? 0
      seenLost = 0
      // What it held since the last reading nobody knows, nor what passed while there was none.
      if (!isKept) since = new Date().toISOString()
      isKept = false
    },
    byNamespace: () => namespaces.values(),
    counts: () =>
      fates.map((fate) => ({
        fate,
        flows: book.count(fate),
        unnoted:
          fate === 'denied'
            ? book.lost().reduce((sum, { packets }) => sum + packets, 0)
            : seenLost && lostBefore + seenLost,
        sources: folded.rows(fate).length,
      })),
    stop() {
      beat.stop()
      clearTimeout(soon)
    },
  }
}
