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
    const now = performance.now()
    // A timer that was early by a little must not find the same beat before it once more.
    const next = (Math.floor(now / milliseconds + 0.5) + 1) * milliseconds
    timer = setTimeout(beat, next - now).unref()
  }
  function beat(): void {
    wait()
    call()
  }
  wait()
  return { stop: () => clearTimeout(timer) }
}
