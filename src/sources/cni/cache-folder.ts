import { lstatSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { FilesClock } from '../files/files-clock.ts'
import { isSystemError } from '../files/system-reason.ts'
import type { CacheBook } from './cache-book.ts'
import { readCacheFile } from './read-cache-file.ts'
import type { WatchFolder } from './watch-folder.ts'

export interface CacheFolderOptions {
  /** `/var/lib/cni/results`. */
  readonly folder: string
  readonly book: CacheBook
  readonly clock: FilesClock
  readonly watch: WatchFolder
  /** The book may have changes. */
  readonly looked: () => void
  /** The folder is not what it was, and what it says counts no more. Once; nothing is told afterwards. */
  readonly lost: (reason: string) => void
  /** Does a pod of the cluster, by its API, still run in this sandbox? */
  readonly isRunning: (key: string) => boolean
}

export interface CacheFolder {
  /** Looks at all of it, and begins to watch. */
  start(): CacheState
  readonly state: CacheState
  stop(): void
}

type Look = 'full' | 'names' | 'again' | 'sweep'

/** Can it be read? `isWatched`: is a look made as soon as something happens, or five times a second? */
export type CacheState =
  | { readonly kind: 'readable'; readonly isWatched: boolean }
  | { readonly kind: 'unreadable'; readonly reason: string; readonly isDenied: boolean }

/** From look to look at all of it, whatever the watch has told. */
const FULL_LOOK = 10_000
/** For names that came or went, where there is no watch. */
const UNWATCHED_LOOK = 200
/** A file that is being written. */
const AGAIN = 10
/** For so long removals are gathered, to tell a sandbox that ends from a folder that is swept. */
const SWEEP = 20
/** The same where pods run whose files are gone: a slow disk takes its time to sweep a folder. */
const SLOW_SWEEP = 200

/** The files of the runtime's cache, read as they come. What is read goes into the book. */
export function createCacheFolder(options: CacheFolderOptions): CacheFolder {
  const { folder, book, clock, watch, looked, lost, isRunning } = options
  const unfinished = new Set<string>()
  let state: CacheState = { kind: 'unreadable', reason: 'not read yet', isDenied: false }
  let isStopped = false
  /** The folder was there once; a runtime that never had a pod has not made it. */
  let wasThere = false
  let endWatch: (() => void) | undefined
  const timers = new Map<Look, () => void>()

  function later(what: Look, milliseconds: number, run: () => void): void {
    if (isStopped || timers.has(what)) return
    timers.set(
      what,
      clock.after(milliseconds, () => {
        timers.delete(what)
        run()
      }),
    )
  }

  function stop(): void {
    isStopped = true
    endWatch?.()
    for (const cancel of timers.values()) cancel()
    timers.clear()
  }

  function loseIt(reason: string): void {
    if (isStopped) return
    stop()
    lost(reason)
  }

  /** One file. Its absence is not believed at once. */
  function lookAt(name: string): 'read' | 'gone' | 'denied' {
    const read = readCacheFile(join(folder, name), (fingerprint) => book.isKnown(name, fingerprint))
    if (read.kind === 'gone') {
      unfinished.delete(name)
      later('sweep', SWEEP, sweep)
      return 'gone'
    }
    // One file that cannot be read says nothing of the others; it is looked at again with all of them.
    if (read.kind === 'failed') return read.code === 'EACCES' || read.code === 'EPERM' ? 'denied' : 'read'
    if (book.take(name, read) === 'again') {
      unfinished.add(name)
      later('again', AGAIN, lookAgain)
    } else unfinished.delete(name)
    return 'read'
  }

  function lookAgain(): void {
    for (const name of unfinished) lookAt(name)
    looked()
  }

  /** What is in the folder; undefined when it says that it cannot be read, or is none any more. */
  function list(): readonly string[] | undefined {
    try {
      // Removed below a mount, a folder stays, empty, with nobody's name, for ever.
      const isNameless = statSync(folder).nlink === 0
      if (isNameless) return fail('it was removed on the node, and this container still sees the old one')
      const names = readdirSync(folder)
      wasThere = true
      return names
    } catch (error) {
      const { code, message } = error as { readonly code?: unknown; readonly message: string }
      if (typeof code !== 'string') throw error
      if (code === 'ENOENT' && !wasThere && isFolder(dirname(folder))) return []
      return fail(message, code === 'EACCES' || code === 'EPERM')
    }
  }

  function fail(reason: string, isDenied = false): undefined {
    if (state.kind === 'readable') loseIt(reason)
    else state = { kind: 'unreadable', reason, isDenied }
    return undefined
  }

  function fullLook(): void {
    timers.get('full')?.()
    timers.delete('full')
    follow()
    const names = list()
    if (names !== undefined) {
      // Oldest first, so that of two that claim one address the newer has the last word.
      const outcomes = byAge(names).map(lookAt)
      const isDenied = outcomes.length > 0 && outcomes.every((outcome) => outcome === 'denied')
      if (isDenied) fail('permission denied for every file in it', true)
      else state = { kind: 'readable', isWatched: endWatch !== undefined }
      sweepSoon(names)
    }
    later('full', FULL_LOOK, fullLook)
    if (endWatch === undefined) later('names', UNWATCHED_LOOK, lookAtNames)
    if (!isStopped) looked()
  }

  /** Which names came and went, where no watch tells. */
  function lookAtNames(): void {
    follow()
    const names = list()
    if (names !== undefined) {
      const known = new Set(book.keys())
      for (const name of names) if (!known.has(name)) lookAt(name)
      sweepSoon(names)
    }
    if (endWatch === undefined) later('names', UNWATCHED_LOOK, lookAtNames)
    else fullLook()
    if (!isStopped) looked()
  }

  function sweepSoon(names: readonly string[]): void {
    const seen = new Set(names)
    for (const key of book.keys()) if (!seen.has(key)) return later('sweep', SWEEP, sweep)
  }

  function byAge(names: readonly string[]): readonly string[] {
    const age = (name: string) => lstatSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0
    const ages = names.map((name) => ({ name, age: age(name) }))
    return ages
      .toSorted((left, right) => left.age - right.age || (left.name < right.name ? -1 : 1))
      .map(({ name }) => name)
  }

  /** How many were gone at the last look, while it was not clear whether more would go. */
  let goneBefore = 0

  /** Files that are gone: their sandboxes have ended, unless the folder was swept or lost. */
  function sweep(): void {
    const names = list()
    if (names === undefined) return
    const seen = new Set(names)
    const gone = [...book.keys()].filter((key) => !seen.has(key))
    const ended = gone.filter((key) => book.told.has(key))
    if (ended.some(isRunning)) {
      if (ended.length > 1 && ended.length === book.told.size) {
        loseIt(`all ${ended.length} files are gone at once, and pods of them still run`)
        return
      }
      // An address that is given to another pod meanwhile comes with a file of its own, which is believed at once.
      if (ended.length > goneBefore) {
        goneBefore = ended.length
        later('sweep', SLOW_SWEEP, sweep)
        return
      }
    }
    goneBefore = 0
    book.forget(gone)
    looked()
  }

  /** A watch on the folder; on the one around it while it is not there. */
  function follow(): void {
    if (endWatch !== undefined || isStopped) return
    const isThere = isFolder(folder)
    const changed = (name: string | undefined): void => {
      if (isStopped) return
      if (!isThere) {
        if (isFolder(folder)) refollow()
      } else if (name === undefined) fullLook()
      else {
        lookAt(name)
        looked()
      }
    }
    try {
      endWatch = watch(isThere ? folder : dirname(folder), changed, refollow)
    } catch (error) {
      if (!isSystemError(error)) throw error
    }
  }

  function refollow(): void {
    endWatch?.()
    endWatch = undefined
    fullLook()
  }

  return {
    start() {
      fullLook()
      return state
    },
    get state() {
      return state
    },
    stop,
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}
