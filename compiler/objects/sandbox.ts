import type { Block } from '../addresses/block.ts'

/**
 * A pod's network on this node, as the container runtime noted it at the end of CNI ADD (libcni's result cache): before any
 * container of the pod starts, and long before `status.podIPs` says it.
 */
export interface Sandbox {
  readonly kind: 'Sandbox'
  /** The name of its file in the cache, which names this sandbox for as long as it lives. */
  readonly key: string
  /** The id of the sandbox (CNI_CONTAINERID). */
  readonly id: string
  /** K8S_POD_UID: of a pod its metadata.uid, of a static pod the `kubernetes.io/config.mirror` of its mirror. */
  readonly uid: string
  readonly namespace: string
  readonly name: string
  /** In canonical text as Pod.addresses, all inside the subnets of the hold, at least one. */
  readonly addresses: readonly string[]
  /** The greater is the newer; of one node's sandboxes no two are equal. Means nothing besides, and not to another agent. */
  readonly order: number
  /** When its file was written, in milliseconds since 1970 by the clock of then, which may have been wrong. */
  readonly writtenAt: number
  /** Its file has stood for so long that whoever calls its addresses, where they are held, is told that nobody is there. */
  readonly isAged?: true | undefined
  /**
   * Its file has gone: its addresses may be given to another pod already, whatever the status of its own says. They are held, and
   * the isolation of its pod stays with those that its status names, until a newer sandbox has them.
   */
  readonly isEnded?: true | undefined
}

/** What is told of sandboxes, beside the changes of the cluster's objects. `key` is {@link Sandbox.key}. */
export type SandboxChange =
  | { readonly type: 'put'; readonly object: Sandbox }
  | { readonly type: 'remove'; readonly kind: 'Sandbox'; readonly key: string }

/** For which addresses the hold stands: those of `blocks` (of either family, of one or both) that are in none of `excepts`. */
export type HoldSubnets =
  | { readonly kind: 'off' }
  | { readonly kind: 'on'; readonly blocks: readonly Block[]; readonly excepts: readonly Block[] }

/** Another answer for {@link HoldSubnets}: of several the last counts. */
export interface HoldChange {
  readonly type: 'hold'
  readonly subnets: HoldSubnets
}

/**
 * A policy stands in the cluster that has not been told, or may: the hold is to stand as if it had been. Of several the last counts.
 */
export interface SuspicionChange {
  readonly type: 'suspicion'
  readonly policies: boolean
}
