import { setTimeout as sleep } from 'node:timers/promises'
import { dial } from './dial.ts'
import type { Settled, Target } from './protocol.ts'

/** Dials again and again until the verdict is the wanted one. */
export async function settle(
  { allowed, ...target }: Target & { readonly allowed: boolean },
  milliseconds: number,
): Promise<Settled> {
  const start = Date.now()
  let lastAnswer = 0
  for (let patience = 100; ; patience = Math.min(patience * 1.5, 2_000)) {
    // What is to be denied may take its time to answer; what is to be open is asked again soon.
    const answer = await dial(target, allowed ? patience : 800)
    if (answer.outcome === 'ok') lastAnswer = Date.now() - start
    if (answer.outcome === (allowed ? 'ok' : 'timeout')) return { ...answer, reached: lastAnswer }
    if (Date.now() - start > milliseconds) return { ...answer, reached: null }
    await sleep(10)
  }
}
