import { setTimeout as sleep } from 'node:timers/promises'
import type { Lab } from '../../../src/lab/lab.ts'
import { startLineProgram } from './line-program.ts'

/** A pair of pods, and a datagram from one to the other about every millisecond, all of one flow. */
export interface Flood {
  /** Waits until nothing passes any more. */
  denied(): Promise<void>
  /** After `denied`: waits until something passes again, and tells when the first was sent that did not, and that did. */
  open(): Promise<Hole>
  close(): Promise<void>
}

export interface Hole {
  readonly denied: Moment
  readonly open: Moment
}

/** Milliseconds of the machine's monotonic clock, which is that of `now`. */
export interface Moment {
  readonly at: number
  /** How fine the measurement is: a sender that was late itself shows nothing finer. */
  readonly step: number
}

export interface FloodEnd {
  readonly pod: string
  readonly address: string
}

/** The clock of {@link Moment}. */
export function now(): number {
  return Number(process.hrtime.bigint()) / 1e6
}

/** So many in a row are no loss by chance, nor a receiver that is late; a policy stands for longer. */
const HOLE = 150
const POLL_MILLISECONDS = 20
const PATIENCE_MILLISECONDS = 120_000

/** Starts sending; resolves when the first ones have passed. Throws when they do not. */
export async function startFlood(lab: Lab, from: FloodEnd, to: FloodEnd, port: number): Promise<Flood> {
  const catcher = await startLineProgram(lab, to.pod, 'catch', { at: to.address, port, hole: HOLE })
  const sender = await startLineProgram(lab, from.pod, 'flood', { from: from.address, to: to.address, port })
  const caught = () =>
    catcher.ask({}) as Promise<{ readonly last: number; readonly before: number; readonly after: number }>
  const sent = (number: number) =>
    sender.ask({ number }) as Promise<{ readonly at: number; readonly before: number; readonly last: number }>
  let begun = -1

  async function until<Result>(what: string, look: () => Promise<Result | undefined>): Promise<Result> {
    const end = now() + PATIENCE_MILLISECONDS
    for (;;) {
      const found = await look()
      if (found !== undefined) return found
      if (now() > end) throw new Error(`not within ${PATIENCE_MILLISECONDS / 1_000} s: ${what}`)
      await sleep(POLL_MILLISECONDS)
    }
  }
  const moment = async (number: number): Promise<Moment> => {
    const { at, before } = await sent(number)
    return { at, step: at - before }
  }
  await until('the first packets pass', async () => (await caught()).last >= 0 || undefined)
  return {
    async denied() {
      await until('denied', async () => {
        const { last } = await sent(0)
        const first = await caught()
        if (last - first.last <= HOLE) return undefined
        // A catcher that was only late has caught up by now.
        await sleep(POLL_MILLISECONDS)
        if ((await caught()).last !== first.last) return undefined
        begun = first.last
        return true
      })
    },
    open: () =>
      until('open', async () => {
        const { before, after } = await caught()
        return after > begun ? { denied: await moment(before + 1), open: await moment(after) } : undefined
      }),
    async close() {
      await Promise.all([sender.close(), catcher.close()])
    },
  }
}
