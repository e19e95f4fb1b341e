import { setTimeout } from 'node:timers/promises'

/** Waits; returns early, without an error, when stopped. */
export async function pause(milliseconds: number, stop: AbortSignal): Promise<void> {
  try {
    await setTimeout(milliseconds, undefined, { signal: stop })
  } catch (error) {
    if (!stop.aborted) throw error
  }
}
