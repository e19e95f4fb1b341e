import { normalizePortRanges, type PortRange } from '../addresses/port-ranges.ts'
import { parsePort, type PortProblem } from '../explain/parse-port.ts'
import type { NamedPort } from '../objects/objects.ts'
import { type Protocol, PROTOCOLS } from '../objects/protocol.ts'
import {
  EVERY_PORT,
  isEveryPort,
  ofProtocol,
  OTHER_PROTOCOLS,
  type PortSet,
  portTexts,
  subtractPortSets,
  unionPortSets,
} from '../reach/port-set.ts'

/** The ports of an assertion; names are resolved by each destination. */
export interface AskedPorts {
  readonly numbers: PortSet
  readonly names: readonly PortName[]
}

export interface PortName {
  readonly protocol: Protocol
  readonly name: string
}

const WHOLE: PortRange = { from: 0, to: 65535 }

/** `8080`, `53/UDP`, `8000-8080`, `http`, `icmp`; `*` is everything, `*` before a slash all of a protocol. TCP unless it says otherwise. */
export function parseAskedPort(text: string): AskedPorts | PortProblem {
  if (text === '*') return { numbers: EVERY_PORT, names: [] }
  const [port = '', written = 'TCP', ...more] = text.split('/')
  const protocol = PROTOCOLS.find((one) => one === written.toUpperCase())
  if (protocol !== undefined && more.length === 0) {
    if (port === '*') return { numbers: ofProtocol(protocol, [WHOLE]), names: [] }
    const range = /^(\d+)-(\d+)$/.exec(port)
    if (range !== null) return ofRange(text, protocol, Number(range[1]), Number(range[2]))
  }
  const asked = parsePort(text)
  switch (asked.kind) {
    case 'problem':
      return asked
    case 'icmp':
      return { numbers: OTHER_PROTOCOLS, names: [] }
    case 'number':
      return { numbers: ofProtocol(asked.protocol, [{ from: asked.number, to: asked.number }]), names: [] }
    case 'name':
      return { numbers: unionPortSets([]), names: [{ protocol: asked.protocol, name: asked.name }] }
  }
}

function ofRange(text: string, protocol: Protocol, from: number, to: number): AskedPorts | PortProblem {
  if (from >= 1 && from <= to && to <= 65535) return { numbers: ofProtocol(protocol, [{ from, to }]), names: [] }
  const isReversed = to >= 1 && to < from && from <= 65535
  const hint = isReversed ? `did you mean ${to}-${from}?` : 'write FIRST-LAST, of numbers between 1 and 65535'
  return { kind: 'problem', problem: `"${text}" is no range of ports`, hint }
}

export function unionAskedPorts(list: readonly AskedPorts[]): AskedPorts {
  return { numbers: unionPortSets(list.map(({ numbers }) => numbers)), names: list.flatMap(({ names }) => names) }
}

/** All but these; names cannot be left out, as they are other numbers at each destination. */
export function everythingBut({ numbers }: AskedPorts): AskedPorts {
  return { numbers: subtractPortSets(EVERY_PORT, numbers), names: [] }
}

/** On a destination that has these named ports; undefined where it has none of the names and no number is asked. */
export function portsAt({ numbers, names }: AskedPorts, own: readonly NamedPort[]): PortSet | undefined {
  if (names.length === 0) return numbers
  const found = names.flatMap(({ protocol, name }) =>
    own.filter((port) => port.name === name && port.protocol === protocol),
  )
  if (found.length === 0 && portTexts(numbers).length === 0) return undefined
  const ofNames = found.map(({ protocol, number }) =>
    ofProtocol(protocol, normalizePortRanges([{ from: number, to: number }])),
  )
  return unionPortSets([numbers, ...ofNames])
}

/** In the words that {@link parseAskedPort} reads; ports of a whole protocol begin with 0, which nobody writes. */
export function portWords(set: PortSet): readonly string[] {
  if (isEveryPort(set)) return ['*']
  // A connection to port 0 is none that anybody asks about.
  const texts = portTexts(set).filter(({ ports }) => ports !== '0')
  return texts.map(({ protocol, ports }) => {
    if (protocol === 'other') return 'icmp'
    const shown = ports.replace(/^0-/, '1-')
    return protocol === 'TCP' && ports !== '*' ? shown : `${shown}/${protocol}`
  })
}
