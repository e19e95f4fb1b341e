import { dirname, resolve } from 'node:path'
import type { Source, SourceListener, StreamStatus } from '../source.ts'
import { createDirectoryWatches, type WatchDirectory, watchWithInotify } from './directory-watches.ts'
import { type FilesClock, SYSTEM_CLOCK } from './files-clock.ts'
import { createManifestLooker, type Look, type LookerOptions } from './manifest-looker.ts'
import { createPace } from './pace.ts'

export interface FilesSourceOptions extends LookerOptions {
  /** Milliseconds from look to look while nothing happens. */
  readonly interval?: number
  /** Milliseconds for which a file must have been the same before it is read, or gone before its objects are. */
  readonly settle?: number
  readonly clock?: FilesClock
  readonly watchDirectory?: WatchDirectory
}

/** Together, and with the time of the looks themselves, less than the 2 s within which an edit is to be in force. */
const INTERVAL = 1000
const SETTLE = 200

/** Hints bring looks closer, but never so close that more than a fifth of the time goes into them. */
const REST = 4

/**
 * The objects of files and directories as a stream of changes, for as long as it runs. Each look reads the whole state
 * again; inotify only says when a look is worth its while. The source is in sync once all that the first looks found has
 * been told. A path that cannot be read holds that up; if it could be read before, its last objects stay.
 */
export function createFilesSource(options: FilesSourceOptions): Source {
  const { interval = INTERVAL, settle = SETTLE, clock = SYSTEM_CLOCK, watchDirectory = watchWithInotify } = options
  const roots = [...new Set(options.paths)]
  const looker = createManifestLooker(options)
  const stopping = new AbortController()
  const lastSeen = new Map<string, number>()
  let failures: ReadonlyMap<string, string> = new Map()
  let synced = false
  let looking = false
  let hinted = false
  let restUntil = 0
  let cancel = (): void => {}

  const watches = createDirectoryWatches(watchDirectory, () => {
    hinted = true
    if (!looking) lookIn(Math.max(0, restUntil - clock.now()))
  })
  let run = (): void => {}

  function lookIn(milliseconds: number): void {
    cancel()
    if (!stopping.signal.aborted) cancel = clock.after(milliseconds, run)
  }

  async function look(listener: SourceListener): Promise<void> {
    looking = true
    hinted = false
    const startedAt = clock.now()
    const found = await untilStopped(stopping.signal, () => looker.look(createPace(stopping.signal)))
    if (found === undefined) return
    tell(listener, found)
    // The listener may have stopped it.
    if (stopping.signal.aborted) return
    watches.follow(watchedDirectories(found, roots))
    looking = false
    const endedAt = clock.now()
    restUntil = endedAt + Math.min(interval, Math.max(settle, REST * (endedAt - startedAt)))
    lookIn(found.settled && !hinted ? interval : restUntil - endedAt)
  }

  function tell(listener: SourceListener, found: Look): void {
    failures = found.failures
    for (const root of roots) if (!failures.has(root)) lastSeen.set(root, clock.now())
    const completes = found.complete && !synced
    synced = found.complete
    if (found.changes.length > 0) listener.changes(found.changes)
    for (const [of, diagnostics] of found.problems) {
      if (!stopping.signal.aborted) listener.problems(of, diagnostics)
    }
    if (completes && !stopping.signal.aborted) listener.synced()
  }

  function streamStatus(root: string): StreamStatus {
    const failure = failures.get(root)
    const seen = lastSeen.get(root)
    return {
      name: root,
      synced,
      state: failure === undefined ? (seen === undefined ? 'not read yet' : 'connected') : `cannot be read: ${failure}`,
      connected: failure === undefined && seen !== undefined,
      silentFor: seen === undefined ? undefined : clock.now() - seen,
      resourceVersion: '',
      objects: looker.objectsOf(root),
      restarts: {},
      relists: {},
    }
  }

  return {
    start(listener) {
      // Not awaited, not caught: a listener that throws is to end the process.
      run = () => void look(listener)
      lookIn(0)
    },
    async stop() {
      stopping.abort()
      cancel()
      watches.close()
    },
    status: () => ({ synced, streams: roots.map(streamStatus) }),
  }
}

/** The directories of a look, and those around files that were named themselves: such a file may be replaced. */
function watchedDirectories({ directories, failures }: Look, roots: readonly string[]): ReadonlyMap<string, string> {
  const all = new Map(directories)
  for (const root of roots) {
    const around = dirname(resolve(root))
    if (!directories.has(resolve(root)) && !failures.has(root) && !all.has(around)) all.set(around, around)
  }
  return all
}

/** Undefined when the work ended because of the signal. */
async function untilStopped<Value>(signal: AbortSignal, work: () => Promise<Value>): Promise<Value | undefined> {
  try {
    const value = await work()
    return signal.aborted ? undefined : value
  } catch (error) {
    if (signal.aborted && error === signal.reason) return undefined
    throw error
  }
}
