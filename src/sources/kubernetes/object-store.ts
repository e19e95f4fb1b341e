import type { Change } from '../../../compiler/engine/change.ts'
import type { Diagnostic } from '../../../compiler/objects/diagnostic.ts'
import { namespaceClosed } from '../../../compiler/objects/namespace-closed.ts'
import type { ClusterObject } from '../../../compiler/objects/objects.ts'
import { decodeItem, type DecodedItem, describeItem, readName, type WatchedKind } from './decode-item.ts'
import type { DecodeMemory } from './decode-memory.ts'
import { createObjectMap, nameOf, type ObjectMap, type ObjectName } from './object-map.ts'
import type { ProblemBook } from './problem-book.ts'
import { sameObject } from './same-object.ts'

/** What the API server last said about one kind, trimmed. */
export interface ObjectStore {
  /** An object as it is now; undefined: nothing that policy can see has changed. */
  put(value: unknown): Change | undefined
  remove(value: unknown): Change | undefined
  /** Begins to take in everything anew; the store stays as it is until the stage is committed. */
  stage(): Stage
  has(at: ObjectName): boolean
  namesIn(namespace: string): Iterable<string>
  size(): number
}

export interface Stage {
  put(value: unknown): void
  remove(value: unknown): void
  /** What was staged is now the store: the changes from what it was, removals last. */
  commit(): readonly Change[]
}

/** An empty store. Problems go to `book` when the objects that have them count. */
export function createObjectStore(kind: WatchedKind, memory: DecodeMemory, book: ProblemBook): ObjectStore {
  let objects = createObjectMap()

  return {
    put(value) {
      const decoded = decodeItem(kind, value, memory)
      const known = decoded.at && objects.get(decoded.at)
      book.set(describeItem(kind, decoded.at), problemsOf(kind, decoded, known))
      const { object } = decoded
      if (object === undefined || (known !== undefined && sameObject(known, object))) return undefined
      objects.set(object)
      return { type: 'put', object }
    },
    remove(value) {
      const at = readName(kind, value)
      if (at === undefined) return undefined
      book.set(describeItem(kind, at), [])
      return objects.delete(at) ? removal(kind, at) : undefined
    },
    stage() {
      const staged = createObjectMap()
      const problems = new Map<string, readonly Diagnostic[]>()
      return {
        put(value) {
          const decoded = decodeItem(kind, value, memory)
          const known = decoded.at && (staged.get(decoded.at) ?? objects.get(decoded.at))
          const of = describeItem(kind, decoded.at)
          const diagnostics = problemsOf(kind, decoded, known)
          if (diagnostics.length > 0) problems.set(of, diagnostics)
          else problems.delete(of)
          const object = decoded.object ?? known
          // The old one where they are equal: the new one is then garbage at once, not after the whole list.
          if (object !== undefined) staged.set(known !== undefined && sameObject(known, object) ? known : object)
        },
        remove(value) {
          const at = readName(kind, value)
          if (at === undefined) return
          problems.delete(describeItem(kind, at))
          staged.delete(at)
        },
        commit() {
          const changes = differences(kind, objects, staged)
          objects = staged
          book.replace(problems)
          return changes
        },
      }
    },
    has: (at) => objects.get(at) !== undefined,
    namesIn: (namespace) => objects.namesIn(namespace),
    size: () => objects.size(),
  }
}

function differences(kind: WatchedKind, before: ObjectMap, after: ObjectMap): readonly Change[] {
  const changes: Change[] = []
  for (const object of after.values()) {
    const known = before.get(nameOf(object))
    if (known !== object && !(known !== undefined && sameObject(known, object))) changes.push({ type: 'put', object })
  }
  for (const object of before.values()) {
    const at = nameOf(object)
    if (after.get(at) === undefined) changes.push(removal(kind, at))
  }
  return changes
}

function removal(kind: WatchedKind, { namespace, name }: ObjectName): Change {
  return { type: 'remove', kind, namespace, name }
}

/** Its own problems, and what follows for an object that cannot be read, at all or as to whom it is for. */
function problemsOf(
  kind: WatchedKind,
  { object, diagnostics, at }: DecodedItem,
  known: ClusterObject | undefined,
): readonly Diagnostic[] {
  if (object !== undefined) {
    const closed = object.kind === 'NetworkPolicy' ? namespaceClosed(object) : undefined
    return closed === undefined ? diagnostics : [closed, ...diagnostics]
  }
  const name = describeItem(kind, at)
  const verdict =
    known !== undefined
      ? { code: 'last-form-kept', problem: 'cannot be read; its last readable form stays in force' }
      : { code: 'object-left-out', problem: 'cannot be read; policy does not know it' }
  return [...diagnostics, { severity: 'error', hint: '', object: name, ...verdict }]
}
