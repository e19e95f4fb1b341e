import type { Pod, Policy } from '../objects/objects.ts'
import type { LabelSet } from '../objects/label-set.ts'
import type { Grants } from './grants.ts'

/** One direction of a pod: no policy selects it, or it is isolated and these are its grants. */
export type Isolation = 'open' | Grants

/** A pod as the graph sees it. */
export interface GraphPod {
  readonly pod: Pod
  /** The addresses that it owns; of two pods on one address only one does. */
  readonly addresses: readonly string[]
  /** A pod of another node is open in the graph of this one: its own node enforces for it. */
  readonly ingress: Isolation
  readonly egress: Isolation
}

/** The allow-graph: who may connect to whom, in normal form. */
export interface AllowGraph {
  /** By podKey, sorted. */
  readonly pods: ReadonlyMap<string, GraphPod>
  /** Owner of an address in canonical text. */
  readonly owners: ReadonlyMap<string, GraphPod>
  readonly namespaceLabels: (namespace: string) => LabelSet
  /** Is there a Namespace object of this name? A pod may live in one that nobody declares. */
  readonly declaresNamespace: (namespace: string) => boolean
  /** All of them, in no order: for pods that are not in the graph. */
  readonly policies: readonly Policy[]
}
