import { setTimeout as sleep } from 'node:timers/promises'
import { CaseFailure } from './ways.ts'

/** Waits until the condition holds. One that throws does not hold yet; what it threw last is told. */
export async function until(condition: () => Promise<boolean>, milliseconds: number, what: string): Promise<void> {
  const end = performance.now() + milliseconds
  let last = ''
  while (performance.now() < end) {
    try {
      if (await condition()) return
      last = ''
    } catch (error) {
      last = `: ${String(error)}`
    }
    await sleep(200)
  }
  throw new CaseFailure(`not within ${milliseconds / 1_000} s: ${what}${last}`)
}
