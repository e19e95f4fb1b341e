import { watch } from 'node:fs'

/**
 * Calls `changed` with the name of what came, went or was written in a folder (not below it), and with undefined where it cannot be
 * said. Throws where the system has no watch to give (ENOSPC, EMFILE: fs.inotify limits); `failed` when it ends one later. May miss
 * events at any time, and says nothing of a folder whose name has come to mean another. Returns what ends it.
 */
export type WatchFolder = (path: string, changed: (name: string | undefined) => void, failed: () => void) => () => void

/** With inotify: microseconds after the write. */
export const watchFolder: WatchFolder = (path, changed, failed) => {
  const watcher = watch(path, (_event, name) => changed(name ?? undefined))
  watcher.on('error', () => {
    watcher.close()
    failed()
  })
  return () => watcher.close()
}
