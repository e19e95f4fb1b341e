import type { Family } from '../addresses/address.ts'
import type { Direction } from '../objects/direction.ts'
import type { Grants } from '../graph/grants.ts'
import type { ClassChains } from '../nftables/base-sets.ts'
import { type ClassLayout, layoutClass } from '../nftables/class-layout.ts'
import { VARIANTS } from '../nftables/rule-text.ts'
import type { ChainRegistry, StaticSetRegistry } from './content-registry.ts'
import type { SetRegistry } from './set-registry.ts'

/** Pods with the same grants, in one direction and family: they share chains and sets. */
export interface ClassNode {
  /** Direction and family. */
  readonly kind: string
  readonly grants: Grants
  readonly chains: ClassChains
  readonly layouts: readonly ClassLayout[]
  users: number
}

export interface ClassRegistry {
  acquire(grants: Grants, direction: Direction, family: Family): ClassNode
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
  const kinds = new Map<string, Map<string, ClassNode>>()

  return {
    acquire(grants, direction, family) {
      const kind = `${direction} ${family}`
      let nodes = kinds.get(kind)
      if (nodes === undefined) kinds.set(kind, (nodes = new Map()))
      let node = nodes.get(grants.key)
      if (node === undefined) {
        const [request, reply] = VARIANTS.map((variant) => layoutClass(grants, direction, family, variant))
        if (request === undefined || reply === undefined) throw new Error('a class has two variants')
        const layouts = [request, reply]
        node = { kind, grants, chains: { request: request.chain, reply: reply.chain }, layouts, users: 0 }
        nodes.set(grants.key, node)
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
      kinds.get(node.kind)?.delete(node.grants.key)
      for (const layout of node.layouts) {
        layout.chains.forEach(chains.letGo)
        layout.sets.forEach(staticSets.letGo)
        layout.formulas.forEach(podSets.letGo)
      }
    },
  }
}
