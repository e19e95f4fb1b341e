import type { Family } from '../addresses/address.ts'
import type { Direction } from '../objects/direction.ts'
import type { Grants } from '../graph/grants.ts'
import type { Anchor } from '../nftables/anchor.ts'
import type { ClassChains } from '../nftables/base-sets.ts'
import { mayNeedAnchor } from '../nftables/class-formulas.ts'
import { type ClassLayout, layoutClass } from '../nftables/class-layout.ts'
import type { PolicyState } from '../objects/policy-mode.ts'
import type { ChainRegistry, StaticSetRegistry } from './content-registry.ts'
import type { SetRegistry } from './set-registry.ts'

/** Pods with the same grants, in one direction and family: they share chains and sets. */
export interface ClassNode {
  /** State of its policies, direction and family; of large grants whose they are, as well. */
  readonly kind: string
  readonly state: PolicyState
  /** The key of small grants; large ones are known by being the same object, so that nobody has to spell out their key. */
  readonly key: string | Grants
  readonly grants: Grants
  readonly chains: ClassChains
  readonly layouts: readonly ClassLayout[]
  users: number
}

export interface ClassRegistry {
  /** `anchorOf` tells whose grants they are. */
  acquire(grants: Grants, direction: Direction, family: Family, state: PolicyState, anchorOf: () => Anchor): ClassNode
  letGo(node: ClassNode): void
}

/** An empty registry; what the classes need is acquired from the other registries when the first pod comes. */
export function createClassRegistry(
  chains: ChainRegistry,
  staticSets: StaticSetRegistry,
  podSets: SetRegistry,
): ClassRegistry {
  // Two steps, first kind, then key: the key of grants can be long, and V8 keeps the hash of a string that it has looked up
  // once. A key joined from both would be a new string, hashed from its first letter, for each address.
  const kinds = new Map<string, Map<string | Grants, ClassNode>>()

  return {
    acquire(grants, direction, family, state, anchorOf) {
      const anchor = mayNeedAnchor(grants) ? anchorOf() : NO_ANCHOR
      const kind = `${state} ${direction} ${family} ${anchor.text}`
      let nodes = kinds.get(kind)
      if (nodes === undefined) kinds.set(kind, (nodes = new Map()))
      const key = anchor === NO_ANCHOR ? grants.key : grants
      let node = nodes.get(key)
      if (node === undefined) {
        const layouts = layoutClass(grants, direction, family, anchor, state)
        const [request, reply] = layouts
        if (request === undefined || reply === undefined) throw new Error('a class has two variants')
        node = { kind, state, key, grants, chains: { request: request.chain, reply: reply.chain }, layouts, users: 0 }
        nodes.set(key, node)
        for (const layout of layouts) {
          layout.chains.forEach(chains.acquire)
          layout.sets.forEach(staticSets.acquire)
          layout.formulas.forEach(podSets.acquire)
        }
      }
      node.users += 1
      return node
    },

    letGo(node) {
      node.users -= 1
      if (node.users > 0) return
      const nodes = kinds.get(node.kind)
      nodes?.delete(node.key)
      if (nodes?.size === 0) kinds.delete(node.kind)
      for (const layout of node.layouts) {
        layout.chains.forEach(chains.letGo)
        layout.sets.forEach(staticSets.letGo)
        layout.formulas.forEach(podSets.letGo)
      }
    },
  }
}

/** Of grants that have no set of their own. */
const NO_ANCHOR: Anchor = { text: '' }
