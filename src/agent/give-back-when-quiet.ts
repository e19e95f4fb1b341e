/** Gives memory back that a burst has left, some seconds behind it. */
export interface GiveBackWhenQuiet {
  /** Something has been done just now. */
  busy(): void
  /** Now, whatever is going on. */
  now(): void
  /** From time to time. */
  tick(): void
}

export interface GiveBackOptions {
  /** Milliseconds of a clock that never jumps. */
  readonly clock: () => number
  /** Bytes. */
  readonly resident: () => number
  readonly giveBack: () => void
}

const QUIET_MILLISECONDS = 5_000
/** The program stands still for a full collection: not again for less than this. */
const WORTH = 1.1

/**
 * Garbage of a burst stays resident until V8 has a reason to collect, and an idle agent gives it none. V8's own tidying
 * (`--memory-reducer`) does it after every little event (restart-with-flags.ts).
 */
export function createGiveBackWhenQuiet({ clock, resident, giveBack }: GiveBackOptions): GiveBackWhenQuiet {
  let busyAt = Number.NEGATIVE_INFINITY
  /** What was left when it was last given back. */
  let left: number | undefined
  /** Nothing has been done since then, so there is nothing to give. */
  let isDone = true

  function give(): void {
    giveBack()
    left = resident()
    isDone = true
  }

  return {
    busy() {
      busyAt = clock()
      isDone = false
    },
    now: give,
    tick() {
      if (isDone || left === undefined || clock() - busyAt < QUIET_MILLISECONDS) return
      if (resident() > left * WORTH) give()
      else isDone = true
    },
  }
}
