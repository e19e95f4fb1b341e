import type { Change } from '../../../compiler/engine/change.ts'
import type { StreamStatus } from '../source.ts'
import type { EventSink } from './apply-events.ts'
import { createBackoff } from './backoff.ts'
import { ClusterError, isVersionLost } from './cluster-error.ts'
import { createDeadline } from './deadline.ts'
import { describeFailure, failureReason, isCredentialFailure, type Verb } from './describe-failure.ts'
import { isWithoutInitialEvents, mayList } from './initial-fallback.ts'
import { listPages } from './list-pages.ts'
import type { ObjectStore } from './object-store.ts'
import { pause } from './pause.ts'
import type { Resource } from './resources.ts'
import { runWatch } from './run-watch.ts'
import type { Seams } from './seams.ts'
import { createStreamState } from './stream-state.ts'
import type { Transport } from './transport.ts'
import type { WatchStart } from './watch-stream.ts'

export interface ReflectorOptions {
  readonly resource: Resource
  readonly transport: Transport
  readonly store: ObjectStore
  readonly seams: Seams
  /** Called synchronously; what they throw ends the reflector and comes out of `run`. */
  changes(changes: readonly Change[]): void
  /** The first time that everything has been told. */
  synced(): void
}

/** Keeps a store equal to what the API server has of one kind. */
export interface Reflector {
  /** Resolves once stopped; rejects only for a bug, never for what the cluster does. */
  run(stop: AbortSignal): Promise<void>
  status(): StreamStatus
}

/**
 * Reads everything once, then goes on from version to version for ever. Only a version that the server has lost (410),
 * or a stream whose events cannot be trusted, leads to reading everything again.
 */
export function createReflector({ resource, transport, store, seams, changes, synced }: ReflectorOptions): Reflector {
  const { timings } = seams
  const state = createStreamState(resource.plural, seams.now)
  const backoff = createBackoff(seams)
  /** Of its own: a server that comes back after a long absence has lost the version, and has kept us waiting enough. */
  const lostBackoff = createBackoff(seams)
  /** Where a list begins: never older than what has been seen. */
  let listFrom = '0'
  let canStreamInitial = true
  let cutInitials = 0
  let verb: Verb = 'watch'

  const sink: EventSink = {
    store,
    stage: undefined,
    get version() {
      return state.version
    },
    set version(version) {
      state.version = version
    },
    changes,
    synced: reached,
  }

  function reached(): void {
    cutInitials = 0
    if (state.synced) return
    state.synced = true
    synced()
  }

  async function watch(from: WatchStart, stop: AbortSignal): Promise<void> {
    verb = 'watch'
    sink.stage = from === 'initial' ? store.stage() : undefined
    await runWatch({ resource, transport, seams, state, sink, from, stop })
  }

  async function list(stop: AbortSignal): Promise<void> {
    verb = 'list'
    state.state = 'listing'
    const deadline = createDeadline(stop)
    let stage = store.stage()
    try {
      const version = await listPages({
        transport,
        resource,
        from: listFrom,
        signal: deadline.signal,
        timeout: timings.list,
        onItem: (item) => stage.put(item),
        onRestart: () => {
          stage = store.stage()
          state.relisted('list-restarted')
        },
        onBytes: state.heard,
      })
      if (stop.aborted) return
      state.version = version
      const told = stage.commit()
      if (told.length > 0) changes(told)
      reached()
    } finally {
      deadline.end()
    }
  }

  async function readEverything(stop: AbortSignal): Promise<void> {
    if (!canStreamInitial || cutInitials >= 2) return list(stop)
    try {
      return await watch('initial', stop)
    } catch (error) {
      if (!(error instanceof ClusterError) || state.version !== '') throw error
      if (!mayList(error)) {
        // Something between here and the server may cut every stream that is as long as this one.
        if (state.connected) cutInitials += 1
        throw error
      }
      if (stop.aborted) return
      if (isWithoutInitialEvents(error)) canStreamInitial = false
      state.restarted('no-initial-events')
      state.connected = false
    }
    return list(stop)
  }

  async function recover(error: ClusterError, stop: AbortSignal): Promise<void> {
    state.connected = false
    state.state = describeFailure(error, resource, verb)
    const malformed = error.failure.kind === 'connection' && error.failure.code === 'malformed'
    const lost = state.version !== '' && (isVersionLost(error) || malformed)
    if (lost) {
      state.relisted(malformed ? 'malformed' : 'expired')
      listFrom = state.version
      state.version = ''
    } else state.restarted(failureReason(error))
    if (isCredentialFailure(error)) transport.refresh()
    const atLeast = error.failure.kind === 'status' ? error.failure.retryAfterMilliseconds : 0
    await pause((lost ? lostBackoff : backoff).next(atLeast), stop)
  }

  return {
    async run(stop) {
      while (!stop.aborted) {
        try {
          if (state.version === '') await readEverything(stop)
          else await watch({ version: state.version }, stop)
        } catch (error) {
          if (!(error instanceof ClusterError)) throw error
          if (stop.aborted) return
          await recover(error, stop)
        }
      }
    },
    status: () => state.status(store.size()),
  }
}
