import { ClusterError } from './cluster-error.ts'

/** A signal that aborts when a time is over, with a ClusterError that says so, or when the whole source stops. */
export interface Deadline {
  readonly signal: AbortSignal
  /** Begins to count anew: this many milliseconds from now. */
  set(milliseconds: number, code: string, message: string): void
  /** Must be called, or the process waits for it. */
  end(): void
}

export function createDeadline(stop: AbortSignal): Deadline {
  const controller = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const onStop = (): void => controller.abort(stopped())
  if (stop.aborted) onStop()
  else stop.addEventListener('abort', onStop, { once: true })
  return {
    signal: controller.signal,
    set(milliseconds, code, message) {
      clearTimeout(timer)
      timer = setTimeout(() => controller.abort(new ClusterError({ kind: 'connection', code }, message)), milliseconds)
    },
    end() {
      clearTimeout(timer)
      stop.removeEventListener('abort', onStop)
    },
  }
}

function stopped(): ClusterError {
  return new ClusterError({ kind: 'connection', code: 'stopped' }, 'stopped')
}
