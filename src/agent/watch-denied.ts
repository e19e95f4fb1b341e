import { formatAddress } from '../../compiler/addresses/format-address.ts'
import type { FlowRecord } from '../../compiler/nftables/flow-record.ts'
import type { Pod } from '../../compiler/objects/objects.ts'
import { podName } from '../../compiler/objects/pod-name.ts'
import { type DeniedOptions, readRefused } from '../kernel/read-denied.ts'
import { readDeniedFlows } from '../kernel/read-denied-flows.ts'
import type { AgentDenied } from '../telemetry/agent-denied.ts'
import type { Log } from '../telemetry/log.ts'
import { createDeniedBook } from './denied-book.ts'
import { createDeniedByNamespace, type NamespaceDenials } from './denied-by-namespace.ts'

/** Looks from time to time whether something was denied, so that it is known since when, and says it in the log. */
export interface DeniedWatch {
  /** As it is now; undefined where it cannot be read. */
  ask(): Promise<AgentDenied | undefined>
  /** As of the last look that found something new, or the last question. */
  byNamespace(): readonly NamespaceDenials[]
  stop(): void
}

export interface WatchDeniedOptions {
  readonly node: string
  readonly version: string
  readonly log: Log
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number
  readonly read: DeniedOptions
  /** The pod that owns an address. */
  readonly ownerOf: (address: string) => Pod | undefined
  /** Is a pod of this node isolated? Where none is no policy denies anything, and no timer looks. */
  readonly isolatesAny: () => boolean
}

const LOOK_MILLISECONDS = 30_000
/** Of new flows, in each minute; whoever scans ports fills no log. */
const MOST_LINES = 20

export function watchDenied({ node, version, log, now, read, ownerOf, isolatesAny }: WatchDeniedOptions): DeniedWatch {
  const book = createDeniedBook(node, now)
  const namespaces = createDeniedByNamespace(ownerOf)
  const since = new Date().toISOString()
  let counted: number | undefined
  let minute = { began: now(), lines: 0, more: 0 }

  let before: Promise<unknown> = Promise.resolve()

  /** One after the other: an older reading that came after a newer one would look like counts that began anew. */
  function readAll(): Promise<boolean> {
    const reading = before.then(readOnce)
    before = reading.catch(() => undefined)
    return reading
  }

  async function readOnce(): Promise<boolean> {
    const records = await readDeniedFlows(read)
    if (records === undefined) return false
    namespaces.take(records.totals)
    for (const flow of book.take(records)) tell(flow)
    return true
  }

  /** One counter says whether there is anything new to list. */
  async function look(): Promise<void> {
    if (!isolatesAny()) return
    const packets = await readRefused(read)
    if (packets === undefined || packets === counted) return
    if (await readAll()) counted = packets
  }

  function tell({ source, destination, carries, packets, directed }: FlowRecord): void {
    if (now() - minute.began > 60_000) {
      if (minute.more > 0) log.info('denied: further flows', { flows: minute.more })
      minute = { began: now(), lines: 0, more: 0 }
    }
    if (minute.lines >= MOST_LINES) {
      minute.more += 1
      return
    }
    minute.lines += 1
    const name = (address: string): string => {
      const pod = ownerOf(address)
      return pod === undefined ? address : podName(pod)
    }
    const [from, to] = [name(formatAddress(source)), name(formatAddress(destination))]
    log.info('denied', { from, to, ...carries, packets, ...(directed ? {} : { direction: 'not known' }) })
  }

  // Anything that goes wrong here is nothing for which to end enforcement; the next look may be better.
  const timer = setInterval(() => void look().catch(() => undefined), LOOK_MILLISECONDS)
  timer.unref()
  return {
    async ask() {
      if (!(await readAll())) return undefined
      return { version, node, at: new Date().toISOString(), since, ...book.answer() }
    },
    byNamespace: () => namespaces.values(),
    stop: () => clearInterval(timer),
  }
}
