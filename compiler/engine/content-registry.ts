import type { ChainValue, SetValue } from '../nftables/ruleset.ts'

/** Values that are named by their content and shared by several classes: chains, block sets, port maps. */
export interface ContentRegistry<Value extends { readonly name: string }> {
  acquire(value: Value): void
  letGo(value: Value): void
  /** Ends a batch: what came and what went since the last one. */
  takeChanges(): { readonly created: readonly Value[]; readonly deleted: readonly Value[] }
  get(name: string): Value | undefined
  values(): Iterable<Value>
}

export type ChainRegistry = ContentRegistry<ChainValue>
export type StaticSetRegistry = ContentRegistry<SetValue>

/** An empty registry that counts users by name. */
export function createContentRegistry<Value extends { readonly name: string }>(): ContentRegistry<Value> {
  type Node = { readonly value: Value; users: number; standing: boolean }
  const nodes = new Map<string, Node>()
  const touched = new Set<Node>()

  return {
    acquire(value) {
      let node = nodes.get(value.name)
      if (node === undefined) nodes.set(value.name, (node = { value, users: 0, standing: false }))
      node.users += 1
      touched.add(node)
    },
    letGo({ name }) {
      const node = nodes.get(name)
      if (node === undefined || node.users === 0) throw new Error(`let go of a value that nobody holds: ${name}`)
      node.users -= 1
      touched.add(node)
    },
    takeChanges() {
      const created: Value[] = []
      const deleted: Value[] = []
      for (const node of touched) {
        if (node.users > 0 && !node.standing) created.push(node.value)
        if (node.users === 0 && node.standing) deleted.push(node.value)
        if (node.users === 0) nodes.delete(node.value.name)
        node.standing = node.users > 0
      }
      touched.clear()
      return { created, deleted }
    },
    get: (name) => nodes.get(name)?.value,
    *values() {
      for (const { value } of nodes.values()) yield value
    },
  }
}
