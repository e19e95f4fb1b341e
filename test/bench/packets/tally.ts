import type { RouterHandle } from './router-handle.ts'

/** Counts what goes through the routers, so that no burst is measured that did not do what it should. */
export interface Tally {
  /** Empties all conntrack tables. */
  empty(): Promise<void>
  /** Counts from here on. */
  begin(): void
  /**
   * Sends `warming`, which is of one flow, then the burst, and returns the burst's CPU time a packet, in nanoseconds. A router whose
   * turn comes seldom is cold: its first packets cost more than those of the baseline, whose turn is every third (1.04 to 1.09 of itself).
   */
  burst(handle: RouterHandle, frames: readonly Uint8Array[], warming: readonly Uint8Array[]): Promise<number>
  /** Throws where packets are missing at the sink; and, if all were new flows since the tables were emptied, where entries are. */
  check(wereNew: boolean): Promise<void>
}

/** `isDenied`: nothing is to arrive, and no flow to stand. */
export function createTally(handles: readonly RouterHandle[], isDenied: boolean): Tally {
  const counts = new Map(
    handles.map((handle) => [handle, { arrivedBefore: 0, sent: 0, newFlows: 0, warmed: new Set<string>() }]),
  )
  return {
    empty: async () => {
      await Promise.all(handles.map((handle) => handle.flush()))
      for (const count of counts.values()) {
        count.newFlows = 0
        count.warmed.clear()
      }
    },
    begin: () => {
      for (const [handle, count] of counts) Object.assign(count, { arrivedBefore: handle.arrived(), sent: 0 })
    },
    burst: async (handle, frames, warming) => {
      const count = counts.get(handle)
      if (count === undefined) throw new Error(`${handle.router.into} is not counted`)
      count.sent += frames.length + warming.length
      count.warmed.add(Buffer.from(warming[0] ?? []).toString('hex'))
      count.newFlows += frames.length
      await handle.sender.send(warming)
      return (await handle.sender.send(frames)) / frames.length
    },
    check: async (wereNew) => {
      for (const [handle, { arrivedBefore, sent, newFlows, warmed }] of counts) {
        const arrived = handle.arrived() - arrivedBefore
        const wanted = newFlows + warmed.size
        const flows = wereNew ? await handle.flows() : wanted
        if (isDenied ? arrived === 0 && (!wereNew || flows === 0) : arrived >= sent && flows === wanted) continue
        const problem = `${arrived} of ${sent} packets arrived; ${flows} flows of ${wanted}`
        throw new Error(`router ${handle.router.into}: ${problem}`)
      }
    },
  }
}
