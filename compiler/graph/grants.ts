import type { Protocol } from '../objects/protocol.ts'
import { type Peers, peersKey } from './peers.ts'

/** The ports of one grant. `name`: the port of that name on the destination pod (egress only). */
export type GrantPorts =
  | { readonly kind: 'any' }
  | { readonly kind: 'protocol'; readonly protocol: Protocol }
  | { readonly kind: 'range'; readonly protocol: Protocol; readonly from: number; readonly to: number }
  | { readonly kind: 'name'; readonly protocol: Protocol; readonly name: string }

/** These peers may use these ports. With a port name, ranges mean the pods that own the name at an address inside. */
export interface Grant {
  readonly ports: GrantPorts
  readonly peers: Peers
}

/**
 * What one direction of a pod allows, in normal form: any protocol first, then whole protocols, then disjoint sorted
 * intervals, then names; no empty grant; no peer that a wider grant has already; neighbours with equal peers joined.
 * Equal meaning (docs/semantics.md), equal key.
 */
export interface Grants {
  readonly key: string
  readonly list: readonly Grant[]
}

/**
 * Grants from a list that is in normal form already. Their key writes each set of peers once and then refers to it by
 * number, in the order of appearance: many peers repeated for each of many ports would make it megabytes long.
 */
export function createGrants(list: readonly Grant[]): Grants {
  let key: string | undefined
  return {
    // Of thousands of grants it is long, and those who change them a little never ask.
    get key() {
      return (key ??= grantsKey(list))
    },
    list,
  }
}

function grantsKey(list: readonly Grant[]): string {
  const numbers = new Map<string, number>()
  const known = new Map<Peers, number>()
  const numberOf = (peers: Peers): number => {
    let number = known.get(peers)
    if (number === undefined) {
      const key = peersKey(peers)
      number = numbers.get(key) ?? numbers.size
      numbers.set(key, number)
      known.set(peers, number)
    }
    return number
  }
  const ports = list.map((grant) => `${portsKey(grant.ports)} #${numberOf(grant.peers)}`)
  return [...ports, ...numbers.keys()].join('\n\n')
}

/** Isolated, and nothing allowed. */
export const NOTHING: Grants = createGrants([])

/** Equal ports, equal text; also what people read: `TCP 80-90`. */
export function portsKey(ports: GrantPorts): string {
  switch (ports.kind) {
    case 'any':
      return 'any'
    case 'protocol':
      return ports.protocol
    case 'range':
      return `${ports.protocol} ${ports.from === ports.to ? ports.from : `${ports.from}-${ports.to}`}`
    case 'name':
      return `${ports.protocol} ${ports.name}`
  }
}
