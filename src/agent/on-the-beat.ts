/** Something that is done from time to time. */
export interface Beat {
  stop(): void
}

/**
 * Calls it again and again, at multiples of the time since this program began, so that what is due together is done in one
 * waking: an idle agent costs what wakes it, and in a virtual machine a waking alone is a millisecond or two. Ends no program.
 */
export function onTheBeat(milliseconds: number, call: () => void): Beat {
  let timer: NodeJS.Timeout
  const wait = (): void => {
    timer = setTimeout(beat, untilBeat(milliseconds, performance.now())).unref()
  }
  function beat(): void {
    wait()
    call()
  }
  wait()
  return { stop: () => clearTimeout(timer) }
}

/** Node's timers are early by a part of a millisecond at times: then the beat at hand is not waited for once more. */
const EARLY_MILLISECONDS = 5

/** Whole milliseconds from now to the next one, since Node drops what is below. */
export function untilBeat(milliseconds: number, now: number): number {
  const next = (Math.floor((now + EARLY_MILLISECONDS) / milliseconds) + 1) * milliseconds
  return Math.ceil(next - now)
}
