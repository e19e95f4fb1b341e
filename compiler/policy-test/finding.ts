import type { Family } from '../addresses/address.ts'
import type { Explanation } from '../explain/explanation.ts'
import type { GraphPod } from '../graph/allow-graph.ts'
import type { Direction } from '../objects/direction.ts'
import type { PortSet } from '../reach/port-set.ts'
import type { PeerGroup } from '../selectors/peer-group.ts'
import type { PossiblePod } from './possible-pods.ts'

/** One end of a connection that is not as it should be. */
export type Spot =
  | { readonly kind: 'pod'; readonly pod: GraphPod }
  | { readonly kind: 'host'; readonly pod: GraphPod }
  | { readonly kind: 'address'; readonly family: Family; readonly value: bigint }

/** Why an assertion does not hold. */
export type Finding =
  /** These ports are denied and were to be allowed, or the other way round. */
  | {
      readonly kind: 'connection'
      readonly wanted: 'allow' | 'deny'
      readonly from: Spot
      readonly to: Spot
      readonly ports: PortSet
    }
  /** The same, as `explain` answers: one end is an address, or a pod on the network of its node. */
  | { readonly kind: 'explained'; readonly explanation: Explanation }
  /** Somebody whom the input does not have would come in, or be reached, by a rule. */
  | {
      readonly kind: 'possible'
      readonly subject: GraphPod
      readonly direction: Direction
      readonly group: PeerGroup
      readonly possible: PossiblePod
      readonly ports: PortSet
    }
  /** Nobody is meant, so nothing is tested. */
  | { readonly kind: 'nobody'; readonly text: string }
  /** The input does not say enough. */
  | { readonly kind: 'untold'; readonly text: string }
