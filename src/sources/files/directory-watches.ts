import { watch } from 'node:fs'
import { isManifestName } from './manifest-name.ts'
import { isSystemError } from './system-reason.ts'

/**
 * Calls back when something in a directory (not below it) may have changed; returns what ends that. Throws where the system
 * has no watch to give (ENOSPC, EMFILE: fs.inotify limits), and may miss events at any time.
 */
export type WatchDirectory = (path: string, changed: () => void) => () => void

/** Hints that a look is worth its while now. The looks that come anyway find everything that no hint told of. */
export interface DirectoryWatches {
  /** Watches these directories (absolute path to identity) and no others. */
  follow(directories: ReadonlyMap<string, string>): void
  close(): void
}

interface Watched {
  readonly identity: string
  readonly end: () => void
}

export function createDirectoryWatches(watchDirectory: WatchDirectory, changed: () => void): DirectoryWatches {
  const watched = new Map<string, Watched>()

  function end(path: string): void {
    watched.get(path)?.end()
    watched.delete(path)
  }

  function start(path: string, identity: string): void {
    try {
      watched.set(path, { identity, end: watchDirectory(path, changed) })
    } catch (error) {
      if (!isSystemError(error)) throw error
    }
  }

  return {
    follow(directories) {
      for (const [path, { identity }] of watched) if (directories.get(path) !== identity) end(path)
      for (const [path, identity] of directories) if (!watched.has(path)) start(path, identity)
    },
    close: () => {
      for (const path of watched.keys()) end(path)
    },
  }
}

/** With inotify, a watch for each directory: recursive ones are a watch for each file in Node, and lose folders that return. */
export const watchWithInotify: WatchDirectory = (path, changed) => {
  const watcher = watch(path, (event, name) => {
    // A log that grows beside the manifests is no reason to look; whatever comes, goes or is renamed is one (`..data`).
    if (event === 'rename' || name === null || isManifestName(name)) changed()
  })
  watcher.on('error', () => watcher.close())
  return () => watcher.close()
}
