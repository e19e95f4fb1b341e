import type { Seams } from './seams.ts'

/** How long to wait before the next attempt. */
export interface Backoff {
  /** Milliseconds, `atLeast` this many. Each call is one more failure. */
  next(atLeast: number): number
}

/** Doubling with full jitter, so that the nodes of a cluster do not come back in step. */
export function createBackoff({ now, random, timings }: Seams): Backoff {
  let failures = 0
  let lastFailure = Number.NEGATIVE_INFINITY
  return {
    next(atLeast) {
      if (now() - lastFailure > timings.backoffReset) failures = 0
      lastFailure = now()
      const longest = Math.min(timings.longestBackoff, timings.firstBackoff * 2 ** failures)
      // Beyond this the power means nothing any more.
      failures = Math.min(failures + 1, 30)
      return atLeast + random() * longest
    },
  }
}

/** Where in 0 to 1 this node stands: always the same, and evenly spread over nodes (FNV-1a with a final mix). */
export function nodeOffset(nodeName: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < nodeName.length; index += 1) {
    hash = Math.imul(hash ^ nodeName.charCodeAt(index), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}
