import type { ListedFile, Listing } from './list-manifests.ts'

/** A file over time. */
export interface TrackedFile {
  /** Its absolute path. */
  readonly key: string
  /** As last listed; it stays when the file is gone. */
  file: ListedFile
  /** The fingerprint of the last look, or GONE. */
  seen: string
  /** The fingerprint of what has been read of it, well or not; undefined: nothing yet. */
  taken: string | undefined
  /** For how many looks it has been another than what was taken. */
  looks: number
}

/** No fingerprint: the file was not there. */
const GONE = 'gone'

export interface Tracking {
  /** New or changed, and the same in two looks: ready to be read. */
  readonly ready: readonly TrackedFile[]
  /** Gone, in two looks at least. */
  readonly gone: readonly TrackedFile[]
  /** They change from look to look: somebody writes them all the time. */
  readonly restless: readonly TrackedFile[]
  /** Nothing has changed since the last look; if something has, the next one is to come soon. */
  readonly settled: boolean
}

export interface FileTracker {
  look(listing: Listing): Tracking
  forget(tracked: TrackedFile): void
}

/** So many looks a file that is gone waits for others that are on their way: a folder that is copied anew, a move. */
const PATIENCE = 5

/** After so many looks a file that never rests is named. */
export const RESTLESS = 10

/**
 * Decides when a file's state may be acted upon: when two looks in a row find the same. Otherwise a file that is just being
 * written, or is away for the instant in which it is replaced, would look like policies taken away, and open pods.
 */
export function createFileTracker(): FileTracker {
  const files = new Map<string, TrackedFile>()

  return {
    look({ files: listed, unreadable }) {
      const ready: TrackedFile[] = []
      const absent: TrackedFile[] = []
      const moving: TrackedFile[] = []
      let settled = true
      const hidden = [...unreadable.keys()]
      const observe = (tracked: TrackedFile, seen: string): void => {
        const stands = tracked.seen === seen
        tracked.looks = tracked.seen === tracked.taken ? 0 : tracked.looks + 1
        tracked.seen = seen
        if (!stands) settled = false
        if (!stands && seen !== GONE) moving.push(tracked)
        else if (stands && seen === GONE) absent.push(tracked)
        else if (stands && tracked.taken !== seen) ready.push(tracked)
      }

      for (const [key, file] of listed) {
        const tracked = files.get(key)
        if (tracked === undefined) {
          const fresh: TrackedFile = { key, file, seen: file.fingerprint, taken: undefined, looks: 0 }
          files.set(key, fresh)
          moving.push(fresh)
          settled = false
        } else {
          tracked.file = file
          observe(tracked, file.fingerprint)
        }
      }
      for (const [key, tracked] of files) {
        if (listed.has(key)) continue
        // Not seen is not gone where the way to it cannot be seen either.
        if (!hidden.some((path) => key === path || key.startsWith(`${path}/`))) observe(tracked, GONE)
      }
      const gone = absent.filter(({ looks }) => moving.length === 0 || looks >= PATIENCE)
      const restless = moving.filter(({ looks }) => looks >= RESTLESS)
      return { ready, gone, restless, settled }
    },

    forget: ({ key }) => void files.delete(key),
  }
}
