import { setTimeout as sleep } from 'node:timers/promises'

/** Ample, since the machine may be busy: nothing here is about speed. */
const PATIENCE_MILLISECONDS = 90_000
const PAUSE_MILLISECONDS = 25

/** Asks again until the answer is neither undefined nor false, and gives it back; gives up aloud after 90 s. */
export async function until<Answer>(
  what: string | (() => string),
  ask: () => Answer | undefined | false | Promise<Answer | undefined | false>,
): Promise<Answer> {
  const end = performance.now() + PATIENCE_MILLISECONDS
  for (;;) {
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer
    if (performance.now() > end) throw new Error(`never: ${typeof what === 'string' ? what : what()}`)
    await sleep(PAUSE_MILLISECONDS)
  }
}
