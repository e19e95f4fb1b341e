/** Runs what it is given, so many at once; whatever is one too many waits for its turn. */
export function createAtMost(most: number): <Answer>(run: () => Promise<Answer>) => Promise<Answer> {
  const queue: (() => void)[] = []
  let running = 0
  return async (run) => {
    if (running === most) await new Promise<void>((resolve) => queue.push(resolve))
    else running += 1
    try {
      return await run()
    } finally {
      // Whoever waits takes over this place.
      const next = queue.shift()
      if (next === undefined) running -= 1
      else next()
    }
  }
}
