import { setTimeout as sleep } from 'node:timers/promises'
import type { EngineChange } from '../../compiler/engine/change.ts'
import type { Pacer } from './pacer.ts'
import type { Reconciler } from './reconciler.ts'
import { createWaitingChanges } from './waiting-changes.ts'

/** The one thread of work of the agent: everything that touches the kernel goes through it, one turn after the other. */
export interface WorkLoop {
  /** Changes to apply; what arrives while a turn runs is for the next one. Of one object only the last counts. */
  push(changes: readonly EngineChange[]): void
  /**
   * All that stood in the cluster has been pushed. Now the first turn may begin, which reads the table that stands in the
   * kernel, adopts what is equal and changes the rest. Before, changes only wait: a part of the truth would open what the
   * rest closes.
   */
  synced(): void
  /** Compare with the kernel soon: somebody else committed, or the timer says so. */
  verifySoon(): void
  /** Say soon, in the kernel, that an agent is there. */
  refreshSoon(): void
  /** Have live flows judged again soon. */
  rejudgeSoon(): void
  /** Ends after the turn at hand; no further transaction. */
  stop(): Promise<void>
  /** Objects whose last change is not in the kernel yet, and since when the oldest waits (of the loop's clock). */
  readonly waiting: { readonly events: number; readonly since: number | undefined }
  /** Since when the oldest change in hand waits, one that failed before too; undefined: there is none. */
  readonly inHandSince: number | undefined
  /** Is everything that was pushed in the kernel? */
  readonly isIdle: boolean
}

export interface WorkLoopOptions {
  readonly reconciler: Pick<Reconciler, 'start' | 'apply' | 'verify' | 'refresh' | 'rejudge'>
  readonly pacer: Pacer
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number
  /** A turn begins: it has taken all changes that were pushed, and its end is about them. */
  readonly turnBegan: () => void
  /** A turn ended: is the kernel what the agent last knew? */
  readonly turnEnded: (upToDate: boolean) => void
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
 *   wait for work ─▶ wait for the pacer ─▶ take all changes ─▶ apply (or verify) ─▶ turn ended
 *        ▲                                                                             │
 *        └────────────── back off, then rebuild, when the kernel would not ◀───────────┘
 */
export function startWorkLoop(options: WorkLoopOptions): WorkLoop {
  const { reconciler, pacer, now, turnBegan, turnEnded, failed, backOff = defaultBackOff } = options
  const waiting = createWaitingChanges()
  let since: number | undefined
  let inHand = 0
  let inHandSince: number | undefined
  let verify = false
  /** With the first turn, too. */
  let refresh = true
  let rejudge = false
  /** Before everything is told; then until the first turn has taken it; then for ever. */
  let stage: 'gathering' | 'first' | 'later' = 'gathering'
  let isIdle = false
  let stopped = false
  let wake = (): void => undefined
  let failures = 0
  const aborted = new AbortController()

  async function turn(): Promise<void> {
    await pause(pacer.delay(now()))
    if (stopped) return
    pacer.turnBegan(now())
    isIdle = false
    const isFirst = stage === 'first'
    const [comparing, refreshing, judging] = [verify, refresh, rejudge]
    const batch = waiting.take()
    inHand += batch.length
    inHandSince ??= since
    stage = 'later'
    since = undefined
    verify = false
    refresh = false
    rejudge = false
    turnBegan()
    const done = isFirst ? await reconciler.start(batch) : await applyAndVerify(batch, comparing)
    const refreshed = done && (!refreshing || (await reconciler.refresh()))
    refresh ||= refreshing && !refreshed
    const fine = refreshed && (!judging || (await reconciler.rejudge()))
    rejudge ||= judging && !fine
    failures = fine ? 0 : failures + 1
    if (fine) [inHand, inHandSince] = [0, undefined]
    isIdle = fine && waiting.size === 0
    turnEnded(fine)
    if (fine) return
    await pause(backOff(failures))
    // The reconciler remembers that it does not know what stands; verifying makes it rebuild.
    verify = true
  }

  async function applyAndVerify(batch: readonly EngineChange[], comparing: boolean): Promise<boolean> {
    const fine = batch.length === 0 || (await reconciler.apply(batch))
    return fine && comparing ? reconciler.verify() : fine
  }

  /** Ends early when the loop is stopped. */
  async function pause(milliseconds: number): Promise<void> {
    if (milliseconds > 0) await sleep(milliseconds, undefined, { signal: aborted.signal }).catch(() => undefined)
  }

  const hasWork = (): boolean =>
    stage === 'first' || (stage === 'later' && (waiting.size > 0 || verify || refresh || rejudge))

  async function work(): Promise<void> {
    while (!stopped) {
      if (hasWork()) await turn()
      else {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    }
  }

  const working = work().catch(failed)
  return {
    push(changes) {
      if (changes.length === 0) return
      waiting.add(changes)
      // What stood before this agent came has waited for nothing.
      if (stage !== 'gathering') since ??= now()
      isIdle = false
      wake()
    },
    synced() {
      stage = 'first'
      wake()
    },
    verifySoon() {
      verify = true
      wake()
    },
    refreshSoon() {
      refresh = true
      wake()
    },
    rejudgeSoon() {
      rejudge = true
      wake()
    },
    async stop() {
      stopped = true
      aborted.abort()
      wake()
      await working
    },
    get waiting() {
      return { events: inHand + waiting.size, since: inHandSince ?? since }
    },
    get inHandSince() {
      return inHandSince
    },
    get isIdle() {
      return isIdle
    },
  }
}
