import { podKey } from '../objects/pod-name.ts'
import type { PodEntry } from './pod-entry.ts'

/**
 * Entries by podKey. In two steps, by what the pods themselves hold as text, so that none of a hundred thousand pods needs a key of
 * its own: a key and its place are 75 bytes.
 */
export interface PodMap {
  get(key: string): PodEntry | undefined
  /** Puts it under the key of its pod. */
  set(entry: PodEntry): void
  delete(key: string): void
  values(): Iterable<PodEntry>
  /** Those of one namespace. */
  of(namespace: string): Iterable<PodEntry>
}

/** An empty map. */
export function createPodMap(): PodMap {
  const namespaces = new Map<string, Map<string, PodEntry>>()

  return {
    get(key) {
      const [namespace, rest] = split(key)
      return namespaces.get(namespace)?.get(rest)
    },
    set(entry) {
      const { pod } = entry
      let entries = namespaces.get(pod.namespace)
      if (entries === undefined) namespaces.set(pod.namespace, (entries = new Map()))
      entries.set(pod.standIn ? split(podKey(pod))[1] : pod.name, entry)
    },
    delete(key) {
      const [namespace, rest] = split(key)
      const entries = namespaces.get(namespace)
      entries?.delete(rest)
      if (entries?.size === 0) namespaces.delete(namespace)
    },
    *values() {
      for (const entries of namespaces.values()) yield* entries.values()
    },
    of: (namespace) => namespaces.get(namespace)?.values() ?? [],
  }
}

/** The namespace, and what follows its slash; no namespace holds one. */
function split(key: string): readonly [namespace: string, rest: string] {
  const slash = key.indexOf('/')
  return [key.slice(0, slash), key.slice(slash + 1)]
}
