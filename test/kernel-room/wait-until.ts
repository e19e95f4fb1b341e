import { setTimeout as sleep } from 'node:timers/promises'

/** Waits until the condition holds; gives up aloud after 10 s. */
export async function waitUntil(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt += 1) {
    if (await condition()) return
    await sleep(20)
  }
  throw new Error(`not within 10 s: ${what}`)
}
