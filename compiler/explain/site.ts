import type { Address, Family } from '../addresses/address.ts'
import type { Direction } from '../objects/direction.ts'
import type { GraphPod } from '../graph/allow-graph.ts'
import type { Transport } from '../graph/judge.ts'

/** One end of a connection: a pod in each of its families, or an address. */
export type Site =
  | {
      readonly kind: 'pod'
      readonly name: string
      readonly pod: GraphPod
      /** Another pod that no policy tells from this one. */
      readonly replica: GraphPod | undefined
      /** This very pod was named, rather than a workload for which it stands. */
      readonly exact: boolean
    }
  | { readonly kind: 'address'; readonly name: string; readonly address: Address }
  /** A host-network pod or a node, whose address the input does not say; `node`: its name, where that is known. */
  | { readonly kind: 'host'; readonly name: string; readonly node: string | undefined }

/** One stretch of a connection on which policy sees the same two ends; most connections are one. */
export interface Leg {
  readonly from: Site
  readonly to: Site
  readonly transport: Transport
  /** Judged in this direction alone: for the other, policy sees another address, which has a leg of its own. */
  readonly only?: Direction | undefined
  /** Of the address that was asked for, where an end behind it has both. */
  readonly family?: Family | undefined
}

/** Why a question has no answer, and what would help. */
export interface Refusal {
  readonly kind: 'problem'
  readonly problem: string
  readonly hint: string
}
