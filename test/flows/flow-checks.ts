import { expect } from 'vitest'
import { type Flow, flowTitle, isRaw } from './flow.ts'
import type { Look, Sights } from './watch-flows.ts'

/** Ample: TCP doubles its waiting, and the machine may be busy. */
const PATIENCE_MILLISECONDS = 30_000

/** Each flow arrives, from now on, wherever somebody speaks; TCP may wait for its next retransmission. */
export async function goOn(look: Look, wanted: readonly Flow[]): Promise<void> {
  const before = await look()
  const rests = (now: Sights, flow: Flow) => {
    const ways = waysOf(now, flow).map((way, index) => way.arrived > (waysOf(before, flow)[index]?.arrived ?? 0))
    // There the client spoke once, and never again.
    return !(flow.kind === 'UDP push' ? ways[1] : ways.every(Boolean))
  }
  await until(look, (now) => wanted.filter((flow) => rests(now, flow)), 'does not go on')
}

/** Looks until no flow is left, and returns the last sight. */
async function until(look: Look, left: (now: Sights) => readonly Flow[], what: string): Promise<Sights> {
  const deadline = performance.now() + PATIENCE_MILLISECONDS
  for (;;) {
    const now = await look()
    const flows = left(now)
    if (flows.length === 0) return now
    if (performance.now() > deadline)
      throw new Error(flows.map((flow) => `${flowTitle(flow)} ${what} ${JSON.stringify(waysOf(now, flow))}`).join('\n'))
  }
}

/** Nothing of these flows arrives at either end any more, however often it is tried. */
export async function stand(look: Look, wanted: readonly Flow[]): Promise<void> {
  const before = await look()
  const now = await until(
    look,
    (sight) =>
      wanted.filter(
        (flow) => !isTriedAgain(flow, waysOf(before, flow).map(offeredOf), waysOf(sight, flow).map(offeredOf)),
      ),
    'is not tried again',
  )
  expect(wanted.map((flow) => [flowTitle(flow), ...waysOf(now, flow).map(arrivedOf)])).toEqual(
    wanted.map((flow) => [flowTitle(flow), ...waysOf(before, flow).map(arrivedOf)]),
  )
}

/** A raw flow is tried by both ends, ten times and more; on sockets whoever waits for an answer sends again. */
function isTriedAgain(flow: Flow, before: readonly number[], now: readonly number[]): boolean {
  const tries = now.map((offered, index) => offered - (before[index] ?? 0))
  return isRaw(flow) ? tries.every((count) => count >= 10) : tries.some((count) => count > 0)
}

/** Flows of which something was dropped or got lost on its way, since then or ever. Raw ones have to be at rest. */
export async function lost(look: Look, wanted: readonly Flow[], since?: Sights): Promise<readonly string[]> {
  let missing: readonly string[] = []
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const now = await look()
    missing = wanted.flatMap((flow) => {
      const end = isRaw(flow) ? 'arrived' : 'passed'
      const missingOf = (sights: Sights) => waysOf(sights, flow).map((way) => way.offered - way[end])
      const before = since === undefined ? [0, 0] : missingOf(since)
      return missingOf(now).flatMap((count, index) => (count === before[index] ? [] : [`${flowTitle(flow)}: ${count}`]))
    })
    if (missing.length === 0) break
  }
  return missing
}

function waysOf(sights: Sights, flow: Flow) {
  const sight = sights.get(flowTitle(flow))
  if (sight === undefined) throw new Error(`nobody watches ${flowTitle(flow)}`)
  return [sight.request, sight.reply]
}

const offeredOf = ({ offered }: { readonly offered: number }) => offered
const arrivedOf = ({ arrived }: { readonly arrived: number }) => arrived
