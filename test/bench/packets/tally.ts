import type { RouterHandle } from './router-handle.ts'

/** Counts what goes through the routers, so that no burst is measured that did not do what it should. */
export interface Tally {
  /** Empties all conntrack tables. */
  empty(): Promise<void>
  /** Counts from here on. */
  begin(): void
  /** Sends a burst and returns its CPU time a packet, in nanoseconds. */
  burst(handle: RouterHandle, frames: readonly Uint8Array[]): Promise<number>
  /** Throws where packets are missing at the sink; and, if all were new flows since the tables were emptied, where entries are. */
  check(wereNew: boolean): Promise<void>
}

/** `isDenied`: nothing is to arrive, and no flow to stand. */
export function createTally(handles: readonly RouterHandle[], isDenied: boolean): Tally {
  const counts = new Map(handles.map((handle) => [handle, { arrivedBefore: 0, sent: 0, sentSinceEmpty: 0 }]))
  return {
    empty: async () => {
      await Promise.all(handles.map((handle) => handle.flush()))
      for (const count of counts.values()) count.sentSinceEmpty = 0
    },
    begin: () => {
      for (const [handle, count] of counts) Object.assign(count, { arrivedBefore: handle.arrived(), sent: 0 })
    },
    burst: async (handle, frames) => {
      const count = counts.get(handle)
      if (count === undefined) throw new Error(`${handle.router.into} is not counted`)
      count.sent += frames.length
      count.sentSinceEmpty += frames.length
      return (await handle.sender.send(frames)) / frames.length
    },
    check: async (wereNew) => {
      for (const [handle, { arrivedBefore, sent, sentSinceEmpty }] of counts) {
        const arrived = handle.arrived() - arrivedBefore
        const flows = wereNew ? await handle.flows() : sentSinceEmpty
        if (isDenied ? arrived === 0 && (!wereNew || flows === 0) : arrived >= sent && flows === sentSinceEmpty)
          continue
        const problem = `${arrived} of ${sent} packets arrived; ${flows} flows of ${sentSinceEmpty} packets`
        throw new Error(`router ${handle.router.into}: ${problem}`)
      }
    },
  }
}
