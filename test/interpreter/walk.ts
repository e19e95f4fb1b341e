import { readAddress } from './address.ts'
import type { NftSet } from './nft-set.ts'
import type { Packet, Tracked } from './packet.ts'
import { keyOf, numberValue, type Value } from './value.ts'

/** One packet on its way through the chains. */
export interface Walk {
  readonly packet: Packet
  readonly tracked: Tracked
  /** Invalid and untracked packets belong to no connection. */
  readonly hasConnection: boolean
  readonly source: Value
  readonly destination: Value
  readonly protocol: Value
  readonly sourcePort: Value | undefined
  readonly destinationPort: Value | undefined
  readonly sets: ReadonlyMap<string, NftSet>
  readonly full: ReadonlySet<string>
  /** At `output` it has none any more. */
  readonly hasIncomingDevice: boolean
  mark: number
  /** What sets were told of the packet: `name key`. */
  readonly recorded: string[]
}

export function createWalk(
  packet: Packet,
  tracked: Tracked,
  { sets, full }: Pick<Walk, 'sets' | 'full'>,
  hasIncomingDevice: boolean,
): Walk {
  return {
    packet,
    tracked,
    hasConnection: tracked.state !== 'invalid' && tracked.state !== 'untracked',
    source: addressValue(packet.source, packet.family),
    destination: addressValue(packet.destination, packet.family),
    protocol: numberValue(packet.protocol, 255),
    sourcePort: packet.sourcePort === undefined ? undefined : numberValue(packet.sourcePort, 65535),
    destinationPort: packet.destinationPort === undefined ? undefined : numberValue(packet.destinationPort, 65535),
    sets,
    full,
    hasIncomingDevice,
    mark: tracked.mark,
    recorded: [],
  }
}

// The same few addresses come again and again.
const known = new Map<string, Value>()

function addressValue(text: string, family: Packet['family']): Value {
  const name = `${family} ${text}`
  const found = known.get(name)
  if (found !== undefined) return found
  const address = readAddress(text)
  if (address === undefined || address.family !== (family === 'IPv4' ? 4 : 6)) throw new Error(`no address: ${name}`)
  if (known.size >= 10_000) known.clear()
  const value = { number: address.value, key: keyOf(address.value) }
  known.set(name, value)
  return value
}
