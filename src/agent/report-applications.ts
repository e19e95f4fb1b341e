import type { Log } from '../telemetry/log.ts'
import type { Application } from './application.ts'

export interface ApplicationReport {
  /** An application ended, well or not. */
  note(application: Application): void
  /** Logs what has been summed up, if anything has. */
  flush(): void
}

export interface ApplicationReportOptions {
  readonly log: Log
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number
}

/** Under churn there are ten applications a second. */
export const SUM_MILLISECONDS = 10_000

/**
 * A line at once for a change after a quiet time, and for all that is no ordinary change: the start, drift, a rebuild, an
 * error. Changes that follow within ten seconds are summed up in one line, which `flush` writes; the caller flushes every
 * `SUM_MILLISECONDS`.
 */
export function createApplicationReport({ log, now }: ApplicationReportOptions): ApplicationReport {
  let saidAt = Number.NEGATIVE_INFINITY
  let waiting: Sums | undefined

  function flush(): void {
    if (waiting === undefined) return
    log.info('applied', { reason: 'changes', ...waiting })
    saidAt = now()
    waiting = undefined
  }

  return {
    note(application) {
      const { ok, ...facts } = application
      if (!ok) {
        flush()
        if (facts.errorKind === 'aborted') log.warn('ended nft, which did not end by itself', facts)
        else log.error('nft refused', facts)
      } else if (application.reason !== 'changes') {
        flush()
        log.info('applied', facts)
      } else if (waiting === undefined && now() - saidAt >= SUM_MILLISECONDS) {
        log.info('applied', facts)
        saidAt = now()
      } else waiting = add(waiting, application)
    },
    flush,
  }
}

interface Sums {
  readonly applications: number
  readonly transactions: number
  readonly bytes: number
  readonly longestMilliseconds: number
  /** The one in force at the end. */
  readonly generation: number
}

function add(sums: Sums | undefined, { transactions, bytes, durationMilliseconds, generation }: Application): Sums {
  return {
    applications: (sums?.applications ?? 0) + 1,
    transactions: (sums?.transactions ?? 0) + transactions,
    bytes: (sums?.bytes ?? 0) + bytes,
    longestMilliseconds: Math.max(sums?.longestMilliseconds ?? 0, durationMilliseconds),
    generation,
  }
}
