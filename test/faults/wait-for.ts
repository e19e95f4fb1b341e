import { setTimeout as sleep } from 'node:timers/promises'

const PATIENCE_MILLISECONDS = 90_000

/** Asks again until it holds; gives up aloud after a minute and a half, with what else there is to say. */
export async function waitFor(
  what: string,
  holds: () => boolean | Promise<boolean>,
  explain: () => string = () => '',
): Promise<void> {
  const end = performance.now() + PATIENCE_MILLISECONDS
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`never: ${what}\n${explain()}`)
    await sleep(20)
  }
}
