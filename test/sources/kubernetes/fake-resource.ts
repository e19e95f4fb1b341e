import type { ServerResponse } from 'node:http'
import { type EventType, eventLine, type FakeObject } from './fake-objects.ts'

export interface Watcher {
  readonly response: ServerResponse
  /** As this watcher asked to see objects. */
  show(object: FakeObject): FakeObject
}

export interface FakeEvent {
  readonly version: number
  readonly type: EventType
  readonly object: FakeObject
}

/** One kind's objects and history, as etcd and the watch cache would have them. */
export interface FakeResource {
  /** Creates or updates, and tells the watchers. */
  put(object: FakeObject): void
  remove(object: FakeObject): void
  all(): readonly FakeObject[]
  /** By `namespace/name`; finished pods are gone. */
  one(key: string): FakeObject | undefined
  version(): string
  /** The history up to now is forgotten: older versions and continue tokens are gone. */
  compact(): void
  isCompacted(version: string): boolean
  since(version: string): readonly FakeEvent[]
  /** Undefined: the token is of a version that was compacted. */
  page(token: string, limit: number): { items: readonly FakeObject[]; version: string; token: string } | undefined
  join(watcher: Watcher): void
  /** Open watches, oldest first. */
  readonly watchers: readonly Watcher[]
  /** Writes to every watcher, whatever it is. */
  write(text: string | Buffer): void
  /** Ends every watch as a server does whose time is over; `cut`: as a network does. */
  endWatches(how?: 'cleanly' | 'cut'): void
}

export function createFakeResource(plural: string): FakeResource {
  const objects = new Map<string, FakeObject>()
  const snapshots = new Map<string, readonly FakeObject[]>()
  let history: FakeEvent[] = []
  let watchers: Watcher[] = []
  let version = 100
  let compacted = 0
  const keyOf = ({ metadata }: FakeObject): string => `${metadata.namespace ?? ''}/${metadata.name}`
  // The pods' field selector; the API server turns leaving it into DELETED.
  const isSelected = (object: FakeObject): boolean => {
    const phase = (object['status'] as { phase?: string } | undefined)?.phase ?? ''
    return plural !== 'pods' || !['Succeeded', 'Failed'].includes(phase)
  }

  function tell(type: EventType, object: FakeObject): void {
    history.push({ version, type, object })
    for (const { response, show } of watchers) response.write(eventLine(type, show(object)))
  }

  const versioned = (object: FakeObject): FakeObject => {
    version += 1
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } }
  }

  return {
    put(object) {
      const known = objects.get(keyOf(object))
      const stored = versioned(object)
      if (isSelected(stored)) {
        objects.set(keyOf(object), stored)
        tell(known === undefined ? 'ADDED' : 'MODIFIED', stored)
      } else if (objects.delete(keyOf(object))) tell('DELETED', stored)
    },
    remove(object) {
      if (objects.delete(keyOf(object))) tell('DELETED', versioned(object))
    },
    all: () => [...objects.values()],
    one: (key) => objects.get(key),
    version: () => String(version),
    compact() {
      version += 1
      compacted = version
      history = []
      snapshots.clear()
    },
    isCompacted: (of) => Number(of) < compacted,
    since: (of) => history.filter((event) => event.version > Number(of)),
    page(token, limit) {
      const [of = '', from = '0'] = token === '' ? [String(version)] : token.split(':')
      if (token === '') snapshots.set(of, [...objects.values()])
      const all = snapshots.get(of)
      if (all === undefined) return undefined
      const end = limit === 0 ? all.length : Number(from) + limit
      return { items: all.slice(Number(from), end), version: of, token: end < all.length ? `${of}:${end}` : '' }
    },
    join(watcher) {
      watchers.push(watcher)
      watcher.response.on('close', () => {
        watchers = watchers.filter((one) => one !== watcher)
      })
    },
    get watchers() {
      return watchers
    },
    write(text) {
      for (const { response } of watchers) response.write(text)
    },
    endWatches(how = 'cleanly') {
      for (const { response } of watchers) {
        if (how === 'cut') response.destroy()
        else response.end()
      }
      watchers = []
    },
  }
}
