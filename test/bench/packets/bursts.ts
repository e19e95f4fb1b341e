import type { Flow, FlowState } from './flow.ts'
import { requestFrame } from './flow-frames.ts'

/** Rounds until the tables are emptied, after which the same flows are new again. */
export const ROUNDS_PER_TABLE = 5

/** The longest burst. */
export const MOST_PACKETS = 250

const FIRST_PORT = 10_000
const LAST_PORT = 65_000

/** The source port of established flows. */
export const ESTABLISHED_PORT = 9_999

/** The source port of packets that are not measured, where flows are new. */
const WARMING_PORT = 9_998
const WARMING_PACKETS = 50

/** What is sent before each burst and not measured: all of one flow. */
export function warmingBurst(flow: Flow, state: FlowState): readonly Uint8Array[] {
  const frame = requestFrame(flow, state === 'established' ? ESTABLISHED_PORT : WARMING_PORT)
  return Array.from({ length: WARMING_PACKETS }, () => frame)
}

/**
 * One burst of frames for each round until the tables are emptied: always the same one for an established flow. `place`
 * numbers those of one flow that meet in the same table: each has source ports of its own. Throws where these run out.
 */
export function burstsOf(
  flow: Flow,
  state: FlowState,
  packets: number,
  place: number,
): readonly (readonly Uint8Array[])[] {
  if (state === 'established') {
    const frame = requestFrame(flow, ESTABLISHED_PORT)
    return Array.from({ length: ROUNDS_PER_TABLE }, () => Array.from({ length: packets }, () => frame))
  }
  const ports = MOST_PACKETS * ROUNDS_PER_TABLE
  const first = FIRST_PORT + place * ports
  if (first + ports > LAST_PORT) throw new Error('too many new flows between the same endpoints')
  return Array.from({ length: ROUNDS_PER_TABLE }, (_, turn) =>
    Array.from({ length: packets }, (__, index) => requestFrame(flow, first + turn * packets + index)),
  )
}
