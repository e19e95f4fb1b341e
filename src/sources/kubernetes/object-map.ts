import type { ClusterObject } from '../../../compiler/objects/objects.ts'

/** Where an object is; namespace is empty for a Namespace. */
export interface ObjectName {
  readonly namespace: string
  readonly name: string
}

/** Objects of one kind by namespace and name. Two steps, so that a hundred thousand pods need no keys of their own. */
export interface ObjectMap {
  get(at: ObjectName): ClusterObject | undefined
  set(object: ClusterObject): void
  /** False when there was none. */
  delete(at: ObjectName): boolean
  values(): Iterable<ClusterObject>
  namesIn(namespace: string): Iterable<string>
  size(): number
}

export function nameOf(object: ClusterObject): ObjectName {
  return object.kind === 'Namespace' ? { namespace: '', name: object.name } : object
}

export function createObjectMap(): ObjectMap {
  const namespaces = new Map<string, Map<string, ClusterObject>>()
  let size = 0
  return {
    get: ({ namespace, name }) => namespaces.get(namespace)?.get(name),
    set(object) {
      const { namespace, name } = nameOf(object)
      let names = namespaces.get(namespace)
      if (names === undefined) namespaces.set(namespace, (names = new Map()))
      if (!names.has(name)) size += 1
      names.set(name, object)
    },
    delete({ namespace, name }) {
      const names = namespaces.get(namespace)
      if (names?.delete(name) !== true) return false
      if (names.size === 0) namespaces.delete(namespace)
      size -= 1
      return true
    },
    *values() {
      for (const names of namespaces.values()) yield* names.values()
    },
    namesIn: (namespace) => namespaces.get(namespace)?.keys() ?? [],
    size: () => size,
  }
}
