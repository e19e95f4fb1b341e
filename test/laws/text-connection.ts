import type { Connection as OracleConnection } from '../oracle/connection.ts'
import type { Connection } from '../interpreter/interpreter.ts'

const NUMBERS = { TCP: 6, UDP: 17, SCTP: 132, other: 47 }
const ICMP = { IPv4: 1, IPv6: 58 }
const CLIENT_PORT = 40_001

/** A connection of the oracle as its first packet shows it to the hook. */
export function textConnection({ source, destination, protocol, port }: OracleConnection): Connection {
  const family = source.includes(':') ? 'IPv6' : 'IPv4'
  const number = protocol === 'ICMP' ? ICMP[family] : NUMBERS[protocol]
  return {
    family,
    source,
    destination,
    protocol: number,
    ...(port === undefined ? {} : { sourcePort: CLIENT_PORT, destinationPort: port }),
    ...(number === ICMP.IPv4 ? { icmpType: 8, icmpCode: 0 } : {}),
    ...(number === ICMP.IPv6 ? { icmpv6Type: 128, icmpCode: 0 } : {}),
  }
}
