import { type Protocol, PROTOCOLS } from '../objects/protocol.ts'
import type { PortRange } from '../addresses/port-ranges.ts'
import { EVERY_PORT, ofProtocol, type PortSet, unionPortSets } from '../reach/port-set.ts'

/** One item of a rule's `ports`, as the API writes it. */
export interface WrittenPort {
  readonly protocol: Protocol
  readonly port?: number
}

/** The ports of a rule, and all that they open; `items` undefined: every port and protocol. */
export interface RulePorts {
  readonly items: readonly WrittenPort[] | undefined
  readonly opens: PortSet
  /** Of which protocols the port is left out, since there were too many. */
  readonly leftOut: readonly Protocol[]
}

/** So many ports of a protocol one peer may have, one by one; whoever uses more uses any. */
export const MOST_PORTS = 16

/** The ports that a rule writes for those that were seen. What no rule can name, ICMP say, needs a rule without ports. */
export function rulePorts(seen: PortSet): RulePorts {
  if (seen.other) return { items: undefined, opens: EVERY_PORT, leftOut: [] }
  const leftOut = PROTOCOLS.filter((protocol) => sizeOf(seen.ranges[protocol]) > MOST_PORTS)
  const items = PROTOCOLS.flatMap((protocol): readonly WrittenPort[] =>
    leftOut.includes(protocol) ? [{ protocol }] : numbersOf(seen.ranges[protocol]).map((port) => ({ protocol, port })),
  )
  const whole = leftOut.map((protocol) => ofProtocol(protocol, EVERY_PORT.ranges[protocol]))
  return { items, opens: unionPortSets([seen, ...whole]), leftOut }
}

function sizeOf(ranges: readonly PortRange[]): number {
  return ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0)
}

function numbersOf(ranges: readonly PortRange[]): readonly number[] {
  return ranges.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, index) => from + index))
}
