import type { Family } from '../../../compiler/addresses/address.ts'

/** UDP from one address to one port of another; a new flow each by its source port. */
export interface Flow {
  /** Every packet asks for a port of its own, from one port. */
  readonly scans?: boolean
  readonly source: string
  readonly destination: string
  readonly destinationPort: number
}

/** `new`: every packet its own flow. `established`: one answered flow, over and over. */
export type FlowState = 'new' | 'established'

export function flowFamily({ source }: Flow): Family {
  return source.includes(':') ? 'IPv6' : 'IPv4'
}

export function flowKey({ source, destination, destinationPort }: Flow): string {
  return `${source} ${destination} ${destinationPort}`
}
