import { setTimeout as sleep } from 'node:timers/promises'
import { patient } from '../support/patience.ts'

/** Waits until the condition holds; gives up aloud after 10 s, later on a machine that is known to be slow. */
export async function waitUntil(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let attempt = 0; attempt < patient(500); attempt += 1) {
    if (await condition()) return
    await sleep(20)
  }
  throw new Error(`not within ${patient(10)} s: ${what}`)
}
