import type { Family } from '../../compiler/addresses/address.ts'
import type { Arrangement } from './plan.ts'
import type { Subnet } from './subnet.ts'

export type PerFamily<Value> = Readonly<Record<Family, Value>>

export interface PodPlace {
  readonly kind: 'pod'
  readonly name: string
  readonly namespace: string
  readonly node: string
  readonly addresses: readonly string[]
  /** Of eth0 in the pod. */
  readonly mac: string
  readonly linkLocal: string
  /** The other end of the pod's veth, in the node. */
  readonly hostDevice: string
  readonly hostMac: string
}

export interface NodePlace {
  readonly kind: 'node'
  readonly name: string
  readonly namespace: string
  /** On the network that joins nodes and the outside: device eth0. */
  readonly underlay: PerFamily<string>
  readonly mac: string
  readonly podSubnets: PerFamily<Subnet>
  /** What the node's pods see as their gateway: first address of the subnet; bridged: on cni0. */
  readonly gateway: PerFamily<string>
  readonly gatewayMac: string
  /** Bridged only: the node's address and MAC on flannel.1 and flannel-v6.1. */
  readonly tunnel: PerFamily<{ readonly device: string; readonly address: string; readonly mac: string }>
  readonly pods: readonly PodPlace[]
}

export interface OutsidePlace {
  readonly kind: 'outside'
  readonly name: string
  readonly namespace: string
  readonly underlay: PerFamily<string>
  readonly mac: string
  /** All that it owns, the underlay's first. */
  readonly addresses: readonly string[]
}

/** Somewhere that packets come from and go to. */
export type Place = PodPlace | NodePlace | OutsidePlace

/** A plan with every name, address and MAC decided. */
export interface Topology {
  readonly name: string
  readonly arrangement: Arrangement
  /** The namespace whose bridge is the network between the nodes. */
  readonly fabric: string
  readonly nodes: readonly NodePlace[]
  readonly pods: readonly PodPlace[]
  readonly outside: OutsidePlace
  readonly places: ReadonlyMap<string, Place>
  /** Who owns an address, by its canonical text. */
  readonly owners: ReadonlyMap<string, Place>
}

export const UNDERLAY_PREFIX: PerFamily<number> = { IPv4: 24, IPv6: 64 }
/** The prefix length of one address. */
export const HOST_PREFIX: PerFamily<number> = { IPv4: 32, IPv6: 128 }

export function familyOf(address: string): Family {
  return address.includes(':') ? 'IPv6' : 'IPv4'
}
