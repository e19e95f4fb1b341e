import type { Change } from '../../../compiler/engine/change.ts'
import { ClusterError } from './cluster-error.ts'
import type { ObjectStore, Stage } from './object-store.ts'
import type { WatchEvent } from './watch-event.ts'

/** Where the events of a watch go. */
export interface EventSink {
  readonly store: ObjectStore
  /** While the initial events of a watch arrive: nothing counts before all of them are there. */
  stage: Stage | undefined
  /** The version to go on from. */
  version: string
  changes(changes: readonly Change[]): void
  /** The stage is committed. */
  synced(): void
}

/**
 * Applies events that arrived together, and tells their changes as one list. Throws the ClusterError of an ERROR event
 * or a malformed one, after everything before it has been told.
 */
export function applyEvents(events: readonly WatchEvent[], sink: EventSink): void {
  let changes: Change[] = []
  const tell = (): void => {
    if (changes.length > 0) sink.changes(changes)
    changes = []
  }
  for (const event of events) {
    switch (event.type) {
      case 'put':
      case 'remove': {
        if (sink.stage !== undefined) {
          sink.stage[event.type](event.object)
          break
        }
        const change = sink.store[event.type](event.object)
        if (change !== undefined) changes.push(change)
        // An event without a version only comes once more after the next restart.
        if (event.version !== '') sink.version = event.version
        break
      }
      case 'bookmark':
        // Before the end of the initial events, a version promises nothing about what has not been sent yet.
        if (sink.stage !== undefined && !event.endsInitial) break
        if (event.version !== '') sink.version = event.version
        if (sink.stage === undefined) break
        changes = [...sink.stage.commit()]
        sink.stage = undefined
        tell()
        sink.synced()
        break
      case 'error':
        tell()
        throw event.error
      case 'malformed':
        tell()
        throw new ClusterError(
          { kind: 'connection', code: 'malformed' },
          'the API server sends a watch event that is none',
        )
    }
  }
  tell()
}
