/** Decides when the next batch may begin: at once when idle, at most so many a second under sustained change. */
export interface Pacer {
  /** Milliseconds until a batch may begin. */
  delay(now: number): number
  /** A batch began. */
  began(now: number): void
}

/** At most ten batches a second, so that under load batches grow instead of queueing. */
const SHORTEST_GAP = 100

/** A pacer that has seen no batch; times are milliseconds of a clock that never jumps. */
export function createPacer(shortestGap: number = SHORTEST_GAP): Pacer {
  let last = Number.NEGATIVE_INFINITY
  return {
    delay: (now) => Math.max(0, last + shortestGap - now),
    began(now) {
      last = now
    },
  }
}
