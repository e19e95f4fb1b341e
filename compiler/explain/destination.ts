import type { FoundEnd } from '../cluster/found-end.ts'
import type { Node } from '../cluster/node.ts'
import type { Transport } from '../graph/judge.ts'
import type { Refusal, Site } from './site.ts'

/** One place where a connection may end, and on what port there. */
export interface Destination {
  readonly site: Site
  readonly transport: Transport
}

export type Destinations =
  | { readonly kind: 'destinations'; readonly list: readonly Destination[]; readonly notes: readonly string[] }
  /** A port of a node that leads on: what policy sees then depends on where the connection comes from. */
  | { readonly kind: 'door'; readonly door: Door; readonly notes: readonly string[] }
  | Refusal

/** A port of a node's address behind which there is something else than the node itself. */
export interface Door {
  readonly node: Node
  readonly asked: Extract<FoundEnd, { kind: 'address' }>
  readonly transport: Transport
  /** As people call it: `the node port of Service shop/web`. */
  readonly name: string
  /** Every place to which it leads from some node. */
  readonly targets: readonly Destination[]
  /** Where a connection from outside goes: to pods of this node only, or to all, and then under the node's own address. */
  readonly spreads: 'here' | 'everywhere'
}
