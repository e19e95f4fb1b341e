import {
  intersectPortRanges,
  normalizePortRanges,
  type PortRange,
  subtractPortRanges,
} from '../addresses/port-ranges.ts'
import type { GrantPorts } from '../graph/grants.ts'
import type { NamedPort } from '../objects/objects.ts'
import { type Protocol, PROTOCOLS } from '../objects/protocol.ts'

/** What may pass between two ends: ports of each protocol that has them, and `other`, ICMP and all the rest. */
export interface PortSet {
  /** In the normal form of compiler/addresses/port-ranges.ts. */
  readonly ranges: Readonly<Record<Protocol, readonly PortRange[]>>
  readonly other: boolean
}

const ALL_PORTS: readonly PortRange[] = [{ from: 0, to: 65535 }]

export const EVERY_PORT: PortSet = { ranges: { TCP: ALL_PORTS, UDP: ALL_PORTS, SCTP: ALL_PORTS }, other: true }
export const NO_PORT: PortSet = { ranges: { TCP: [], UDP: [], SCTP: [] }, other: false }
/** What a policy cannot name: ICMP and all that is neither TCP, UDP nor SCTP. */
export const OTHER_PROTOCOLS: PortSet = { ...NO_PORT, other: true }

/** The ports of one grant towards a destination that owns these names; `undefined`: no pod, so names lead nowhere. */
export function portSetOfGrant(ports: GrantPorts, destination: readonly NamedPort[] | undefined): PortSet {
  switch (ports.kind) {
    case 'any':
      return EVERY_PORT
    case 'protocol':
      return ofProtocol(ports.protocol, ALL_PORTS)
    case 'range':
      return ofProtocol(ports.protocol, [{ from: ports.from, to: ports.to }])
    case 'name': {
      const owned = (destination ?? []).filter(
        ({ name, protocol }) => name === ports.name && protocol === ports.protocol,
      )
      return ofProtocol(ports.protocol, normalizePortRanges(owned.map(({ number }) => ({ from: number, to: number }))))
    }
  }
}

/** Ports of one protocol and nothing else. */
export function ofProtocol(protocol: Protocol, ranges: readonly PortRange[]): PortSet {
  return { ranges: { ...NO_PORT.ranges, [protocol]: ranges }, other: false }
}

/** What is in any of them. */
export function unionPortSets(sets: readonly PortSet[]): PortSet {
  const [first, ...rest] = sets
  if (first === undefined) return NO_PORT
  if (rest.length === 0) return first
  return {
    ranges: eachProtocol((protocol) => normalizePortRanges(sets.flatMap(({ ranges }) => ranges[protocol]))),
    other: sets.some(({ other }) => other),
  }
}

/** What is in both. */
export function intersectPortSets(left: PortSet, right: PortSet): PortSet {
  if (left === EVERY_PORT) return right
  if (right === EVERY_PORT) return left
  return {
    ranges: eachProtocol((protocol) => intersectPortRanges(left.ranges[protocol], right.ranges[protocol])),
    other: left.other && right.other,
  }
}

/** What is in the first and not in the second. */
export function subtractPortSets(from: PortSet, holes: PortSet): PortSet {
  return {
    ranges: eachProtocol((protocol) => subtractPortRanges(from.ranges[protocol], holes.ranges[protocol])),
    other: from.other && !holes.other,
  }
}

export function isNoPort({ ranges, other }: PortSet): boolean {
  return !other && PROTOCOLS.every((protocol) => ranges[protocol].length === 0)
}

/** Are all ports of the protocol in it? */
export function isWhole({ ranges }: PortSet, protocol: Protocol): boolean {
  const [first] = ranges[protocol]
  return first?.from === 0 && first.to === 65535
}

/** Equal sets, equal text. */
export function portSetKey(set: PortSet): string {
  const ranges = PROTOCOLS.map((protocol) => set.ranges[protocol].map(({ from, to }) => `${from}-${to}`).join(','))
  return `${ranges.join('/')}${set.other ? '+' : ''}`
}

export function isEveryPort(set: PortSet): boolean {
  return set === EVERY_PORT || isNoPort(subtractPortSets(EVERY_PORT, set))
}

/** As an edge says it. `*` is every protocol, ICMP too; `other` every protocol but TCP, UDP and SCTP. */
export interface PortText {
  readonly protocol: Protocol | 'other' | '*'
  readonly ports: string
}

/** The set in the words of edges, by protocol and number: together exactly the set, each thing said once. */
export function portTexts(set: PortSet): readonly PortText[] {
  if (isEveryPort(set)) return [{ protocol: '*', ports: '*' }]
  const named = PROTOCOLS.flatMap((protocol) =>
    set.ranges[protocol].map((range): PortText => ({ protocol, ports: formatPortRange(range) })),
  )
  return set.other ? [...named, { protocol: 'other', ports: '*' }] : named
}

/** The set that these words say; the way back from portTexts. */
export function portSetOfTexts(texts: readonly PortText[]): PortSet {
  return unionPortSets(
    texts.map(({ protocol, ports }) => {
      if (protocol === '*') return EVERY_PORT
      if (protocol === 'other') return OTHER_PROTOCOLS
      if (ports === '*') return ofProtocol(protocol, ALL_PORTS)
      const [from = 0, to = from] = ports.split('-').map(Number)
      return ofProtocol(protocol, [{ from, to }])
    }),
  )
}

function formatPortRange({ from, to }: PortRange): string {
  if (from === 0 && to === 65535) return '*'
  return from === to ? `${from}` : `${from}-${to}`
}

function eachProtocol(ranges: (protocol: Protocol) => readonly PortRange[]): PortSet['ranges'] {
  return { TCP: ranges('TCP'), UDP: ranges('UDP'), SCTP: ranges('SCTP') }
}
