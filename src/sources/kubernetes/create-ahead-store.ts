import type { Change } from '../../../compiler/engine/change.ts'
import { isFields } from '../../../compiler/objects/read-fields.ts'
import { readName, type WatchedKind } from './decode-item.ts'
import type { ObjectStore } from './object-store.ts'
import { versionNumber } from './version-number.ts'

/** A store that is told single objects beside its watch, which may be behind. */
export interface AheadStore extends ObjectStore {
  /** An object as the API server has it; undefined: its watch has told as much, or nothing that policy can see has changed. */
  tell(value: unknown): Change | undefined
  /** The newest version that was told so; undefined: none. */
  newest(): bigint | undefined
}

/** `watched`: the version up to which the watch has told everything. What the watch says of an object that was told newer is passed over. */
export function createAheadStore(kind: WatchedKind, store: ObjectStore, watched: () => string): AheadStore {
  const ahead = new Map<string, bigint>()
  let newest: bigint | undefined

  function isBehind(value: unknown): boolean {
    // As nearly always: each event of a watch comes by here.
    if (ahead.size === 0) return false
    const key = keyOf(kind, value)
    const told = ahead.get(key)
    if (told === undefined) return false
    const version = versionOf(value)
    if (version !== undefined && version < told) return true
    ahead.delete(key)
    return false
  }

  return {
    ...store,
    tell(value) {
      const version = versionOf(value)
      if (version === undefined || version <= (versionNumber(watched()) ?? -1n)) return undefined
      ahead.set(keyOf(kind, value), version)
      if (newest === undefined || version > newest) newest = version
      return store.put(value)
    },
    newest: () => newest,
    put: (value) => (isBehind(value) ? undefined : store.put(value)),
    remove: (value) => (isBehind(value) ? undefined : store.remove(value)),
    stage() {
      const stage = store.stage()
      return {
        ...stage,
        commit() {
          ahead.clear()
          return stage.commit()
        },
      }
    },
  }
}

function keyOf(kind: WatchedKind, value: unknown): string {
  const at = readName(kind, value)
  return at === undefined ? '' : `${at.namespace}/${at.name}`
}

function versionOf(value: unknown): bigint | undefined {
  const metadata = isFields(value) ? value['metadata'] : undefined
  return versionNumber(isFields(metadata) ? metadata['resourceVersion'] : undefined)
}
