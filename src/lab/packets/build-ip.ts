import { buildIPv4 } from './build-ipv4.ts'
import { buildIPv6 } from './build-ipv6.ts'

export interface IPFields {
  readonly source: string
  readonly destination: string
  readonly protocolNumber: number
}

/** The packet of the family that the source address belongs to. */
export function buildIP(fields: IPFields, payload: Uint8Array): Uint8Array {
  const { source, destination, protocolNumber } = fields
  return source.includes(':')
    ? buildIPv6({ source, destination, nextHeader: protocolNumber }, payload)
    : buildIPv4({ source, destination, protocolNumber }, payload)
}
