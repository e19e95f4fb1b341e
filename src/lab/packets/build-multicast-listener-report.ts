import { buildIcmpv6, ICMPV6_TYPES } from './build-icmpv6.ts'
import { buildIPv6 } from './build-ipv6.ts'
import { PROTOCOL_NUMBERS } from './protocol-numbers.ts'
import { readAddress } from './read-address.ts'

export interface MulticastListenerReportFields {
  /** A link-local address. */
  readonly source: string
  readonly group: string
}

const ALL_MLDV2_ROUTERS = 'ff02::16'
const CHANGE_TO_EXCLUDE = 4
/** Hop-by-hop header: next header ICMPv6, router alert 'MLD' (RFC 2711), two bytes of padding. */
const ROUTER_ALERT = Uint8Array.of(PROTOCOL_NUMBERS.ICMPv6, 0, 5, 2, 0, 0, 1, 0)

/** The IPv6 packet by which a host joins a group: an MLDv2 report (RFC 3810 §5.2) with its router alert. */
export function buildMulticastListenerReport(fields: MulticastListenerReportFields): Uint8Array {
  const { source } = fields
  const record = Uint8Array.from([CHANGE_TO_EXCLUDE, 0, 0, 0, ...readAddress(fields.group)])
  const message = buildIcmpv6(
    { source, destination: ALL_MLDV2_ROUTERS, type: ICMPV6_TYPES.multicastListenerReport, rest: 1 },
    record,
  )
  const payload = Uint8Array.from([...ROUTER_ALERT, ...message])
  return buildIPv6({ source, destination: ALL_MLDV2_ROUTERS, nextHeader: 0, hopLimit: 1 }, payload)
}
