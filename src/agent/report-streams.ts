import type { StreamStatus } from '../sources/source.ts'
import type { Log } from '../telemetry/log.ts'

/** A function that logs what has become of each stream since it was last asked: why one is down, and that it is back. */
export function createStreamReport(log: Log): (streams: readonly StreamStatus[]) => void {
  const said = new Map<string, string>()
  return (streams) => {
    for (const { name, state, connected, synced } of streams) {
      if (said.get(name) === state || state === 'not begun') continue
      said.set(name, state)
      if (connected) log.info('stream connected', { stream: name, synced })
      else log.warn('stream not connected', { stream: name, synced, state })
    }
  }
}
