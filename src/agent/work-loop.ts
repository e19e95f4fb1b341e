import { setTimeout as sleep } from 'node:timers/promises'
import type { Change } from '../../compiler/engine/change.ts'
import type { Pacer } from './pacer.ts'
import type { Reconciler } from './reconciler.ts'

/** The one thread of work of the agent: everything that touches the kernel goes through it, one after the other. */
export interface WorkLoop {
  /** The first batch, complete: what stands is read and adopted where it equals. Nothing is done before it. */
  begin(changes: readonly Change[]): void
  /** Events to apply; what arrives while a batch runs is the next batch. */
  push(changes: readonly Change[]): void
  /** Compare with the kernel soon: somebody else committed, or the timer says so. */
  verifySoon(): void
  /** Ends after the work at hand; no further transaction. */
  stop(): Promise<void>
  /** Events that are not in the kernel yet, and since when the oldest of them waits (of the loop's clock). */
  readonly waiting: { readonly events: number; readonly since: number | undefined }
  /** Since when the oldest event in hand waits, one that failed before too; undefined: there is none. */
  readonly inHandSince: number | undefined
  /** Has everything that was pushed been taken, and settled? */
  readonly isIdle: boolean
}

export interface WorkLoopOptions {
  readonly reconciler: Reconciler
  readonly pacer: Pacer
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number
  /** All events that were pushed are taken: what settles next is about them. */
  readonly taken: () => void
  /** After each piece of work: is the kernel what the agent last knew? */
  readonly settled: (upToDate: boolean) => void
  /** A bug: the agent ends, and what stands keeps standing. */
  readonly failed: (error: unknown) => void
  /** Milliseconds to wait after the n-th failure in a row. */
  readonly backOff?: (failures: number) => number
}

const LONGEST_BACK_OFF = 30_000

/** Doubles from 200 ms. */
export function defaultBackOff(failures: number): number {
  return Math.min(LONGEST_BACK_OFF, 100 * 2 ** failures)
}

/**
 * Starts working. The loop in one screen:
 *
 *   wait for work ─▶ wait for the pacer ─▶ take all events ─▶ apply (or verify) ─▶ settled
 *        ▲                                                                            │
 *        └────────────── back off, then rebuild, when the kernel would not ◀──────────┘
 */
export function startWorkLoop(options: WorkLoopOptions): WorkLoop {
  const { reconciler, pacer, now, taken, settled, failed, backOff = defaultBackOff } = options
  let pending: Change[] = []
  let since: number | undefined
  let inHand = 0
  let inHandSince: number | undefined
  let verify = false
  let first: readonly Change[] | undefined
  let begun = false
  let isIdle = false
  let stopped = false
  let wake = (): void => undefined
  let failures = 0
  const aborted = new AbortController()

  async function turn(): Promise<void> {
    await pause(pacer.delay(now()))
    if (stopped) return
    pacer.began(now())
    isIdle = false
    const start = first
    const batch = pending
    const comparing = verify
    inHand += batch.length
    inHandSince ??= since
    first = undefined
    pending = []
    since = undefined
    verify = false
    taken()
    if (start !== undefined) return settle(await reconciler.start([...start, ...batch]))
    let fine = batch.length === 0 || (await reconciler.apply(batch))
    if (fine && comparing) fine = await reconciler.verify()
    await settle(fine)
  }

  async function settle(fine: boolean): Promise<void> {
    failures = fine ? 0 : failures + 1
    if (fine) [inHand, inHandSince] = [0, undefined]
    isIdle = fine && pending.length === 0
    settled(fine)
    if (fine) return
    await pause(backOff(failures))
    // The reconciler remembers that it does not know what stands; verifying makes it rebuild.
    verify = true
  }

  /** Ends early when the loop is stopped. */
  async function pause(milliseconds: number): Promise<void> {
    if (milliseconds > 0) await sleep(milliseconds, undefined, { signal: aborted.signal }).catch(() => undefined)
  }

  async function work(): Promise<void> {
    while (!stopped) {
      if (!begun || (first === undefined && pending.length === 0 && !verify)) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      } else await turn()
    }
  }

  const working = work().catch(failed)
  return {
    begin(changes) {
      first = changes
      begun = true
      wake()
    },
    push(changes) {
      if (changes.length === 0) return
      for (const change of changes) pending.push(change)
      since ??= now()
      isIdle = false
      wake()
    },
    verifySoon() {
      verify = true
      wake()
    },
    async stop() {
      stopped = true
      aborted.abort()
      wake()
      await working
    },
    get waiting() {
      return { events: inHand + pending.length, since: inHandSince ?? since }
    },
    get inHandSince() {
      return inHandSince
    },
    get isIdle() {
      return isIdle
    },
  }
}
