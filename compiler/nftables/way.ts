import type { Family } from '../addresses/address.ts'
import type { Direction } from '../objects/direction.ts'
import type { PolicyState } from '../objects/policy-mode.ts'
import { denyChain } from './deny-chains.ts'
import { wouldChain } from './would-chains.ts'
import { goTo } from './rule-value.ts'
import type { Jump } from './ruleset.ts'
import { addressField, familyDigit, portField, protocolField, type Side, type Variant } from './rule-text.ts'

/** How the packet shows the peer and the port, given direction, family and way. */
export interface Way {
  readonly family: Family
  readonly digit: 4 | 6
  readonly peer: string
  readonly portSide: Side
  /** The protocol, and `protocol . port`, as they stand in keys. */
  readonly protocol: string
  readonly protocolAndPort: string
  /** `address . protocol . port` of the peer's endpoint. */
  readonly endpoint: string
  /** What an allowed packet does: ingress is judged last, egress returns to where ingress is judged. */
  readonly allow: 'return' | Jump
  /** Where a packet ends that no grant matches. */
  readonly deny: string
}

/** What no grant matches is refused, or (`audited`) noted, and goes on as if nobody had asked. In a request to an ingress class the peer is the source; egress swaps the ends, and so does a reply. */
export function createWay(direction: Direction, family: Family, variant: Variant, state: PolicyState): Way {
  const digit = familyDigit(family)
  const peerSide: Side = (direction === 'ingress') === (variant === 'request') ? 'source' : 'destination'
  const portSide: Side = variant === 'request' ? 'destination' : 'source'
  const peer = addressField(family, peerSide)
  const protocol = protocolField(family)
  const protocolAndPort = `${protocol} . th ${portField(portSide)}`
  return {
    family,
    digit,
    peer,
    portSide,
    protocol,
    protocolAndPort,
    endpoint: `${peer} . ${protocolAndPort}`,
    // Ingress that is only asked goes on to where open ingress does.
    allow: direction === 'ingress' && state === 'enforced' ? goTo('allow') : 'return',
    deny: (state === 'enforced' ? denyChain : wouldChain)(direction, family, variant),
  }
}
