/** Decides when the next turn of the work loop may begin: at once when idle, at most so many a second under sustained change. */
export interface Pacer {
  /** Milliseconds until a turn may begin. */
  delay(now: number): number
  /** A turn began. */
  turnBegan(now: number): void
}

/** At most ten turns a second, so that under load their batches grow instead of queueing. */
const SHORTEST_GAP = 100

/** A pacer that has seen no turn; times are milliseconds of a clock that never jumps. */
export function createPacer(shortestGap: number = SHORTEST_GAP): Pacer {
  let last = Number.NEGATIVE_INFINITY
  return {
    delay: (now) => Math.max(0, last + shortestGap - now),
    turnBegan(now) {
      last = now
    },
  }
}
