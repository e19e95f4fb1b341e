/** The passing of time, as the source needs it; tests may bring their own. */
export interface FilesClock {
  /** Milliseconds from any start, never backwards. */
  now(): number
  /** Runs once, so many milliseconds from now; the result takes it back. */
  after(milliseconds: number, run: () => void): () => void
}

export const SYSTEM_CLOCK: FilesClock = {
  now: () => performance.now(),
  after: (milliseconds, run) => {
    const timer = setTimeout(run, milliseconds)
    return () => clearTimeout(timer)
  },
}
