import { setImmediate } from 'node:timers/promises'

/** To be awaited between small pieces of a long work: lets everything else run now and then. Rejects once it is to end. */
export type Pace = () => Promise<void> | undefined

/** Milliseconds at a stretch; a probe or a signal waits no longer than that and one piece. */
const STRETCH = 20

/** A pace for one piece of work, until the signal aborts. */
export function createPace(signal: AbortSignal): Pace {
  let since = performance.now()
  return () => {
    signal.throwIfAborted()
    if (performance.now() - since < STRETCH) return undefined
    return setImmediate().then(() => {
      signal.throwIfAborted()
      since = performance.now()
    })
  }
}
