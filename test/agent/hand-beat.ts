import type { onTheBeat } from '../../src/agent/on-the-beat.ts'

/** Beats that come when the test says so, while all other clocks go on. */
export function createHandBeat() {
  const beats = new Set<{ readonly milliseconds: number; next: number; readonly call: () => void }>()
  let now = 0
  const every: typeof onTheBeat = (milliseconds, call) => {
    const beat = { milliseconds, next: now + milliseconds, call }
    beats.add(beat)
    return { stop: () => void beats.delete(beat) }
  }
  function pass(milliseconds: number): void {
    now += milliseconds
    for (const beat of beats) {
      for (; beat.next <= now; beat.next += beat.milliseconds) beat.call()
    }
  }
  return { every, pass }
}
