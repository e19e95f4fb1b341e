import { setTimeout } from 'node:timers/promises'

const MOST = 3000
const PAUSE = 5

/** Waits for something to become true; gives up after so many questions. */
export async function expectSoon(isSo: () => boolean): Promise<void> {
  for (let asked = 0; asked < MOST; asked += 1) {
    if (isSo()) return
    await setTimeout(PAUSE)
  }
  throw new Error(`never became true: ${isSo.toString()}`)
}
