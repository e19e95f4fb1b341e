import { setTimeout as sleep } from 'node:timers/promises'
import type { Lab } from '../../../src/lab/lab.ts'
import type { Probe } from '../../../src/lab/probe.ts'
import type { Session } from '../../../src/lab/sockets.ts'

export interface Flows {
  /** New flows that must never pass, by name. */
  readonly denied: Readonly<Record<string, Probe>>
  /** New flows that must always pass. */
  readonly allowed: Readonly<Record<string, Probe>>
  /** Live sessions that must go on. */
  readonly held: Readonly<Record<string, Session>>
}

/** What went wrong, flow by flow, once for each time; all empty when nothing did. */
export interface Wrongs {
  readonly leaked: readonly string[]
  readonly lost: readonly string[]
  readonly cut: readonly string[]
}

export const NOTHING_WRONG: Wrongs = { leaked: [], lost: [], cut: [] }

export interface PacketStream {
  /** Rounds that are over; each sends one packet a flow. */
  rounds(): number
  /** Ends the stream after the round at hand. */
  stop(): Promise<Wrongs>
}

/** One chance for each packet: sent again it might pass where the first was wrongly lost. Ample time for a busy machine. */
const ONCE = { attempts: 1, settleMilliseconds: 250 } as const

/** Sends packets of all flows, round after round, until stopped. */
export function sendAllTheTime(lab: Lab, { denied, allowed, held }: Flows): PacketStream {
  const leaked: string[] = []
  const lost: string[] = []
  const names = [...Object.keys(denied), ...Object.keys(allowed)]
  const probes = [...Object.values(denied), ...Object.values(allowed)]
  const deniedCount = Object.keys(denied).length
  let stopped = false
  let rounds = 0

  async function send(): Promise<void> {
    while (!stopped) {
      const arrived = await lab.probe(probes, ONCE)
      for (const [index, name] of names.entries()) {
        if (index < deniedCount && arrived[index]) leaked.push(name)
        if (index >= deniedCount && !arrived[index]) lost.push(name)
      }
      rounds += 1
      // The machine has other things to do as well, the agent among them.
      await sleep(50)
    }
  }

  const sending = send()
  // Whoever stops hears of it.
  sending.catch(() => undefined)
  return {
    rounds: () => rounds,
    async stop() {
      stopped = true
      await sending
      const stalled = await Promise.all(
        Object.entries(held).map(async ([name, session]) => {
          const goesOn = await session.progresses(10_000)
          return goesOn && session.ended() === undefined ? [] : [name]
        }),
      )
      return { leaked, lost, cut: stalled.flat() }
    },
  }
}
