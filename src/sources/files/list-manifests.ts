import { type BigIntStats, type Dirent, statSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { printable } from '../../../compiler/objects/quote.ts'
import { isHiddenName, isManifestName } from './manifest-name.ts'
import type { Pace } from './pace.ts'
import { printablePath } from './printable-path.ts'
import { isSystemError, systemReason } from './system-reason.ts'

/** A file as a look finds it. */
export interface ListedFile {
  /** Its absolute path. */
  readonly key: string
  /** As people know it, below the path that they gave; fit for a diagnostic. */
  readonly path: string
  /** The path given that leads to it. */
  readonly root: string
  readonly fingerprint: string
  readonly bytes: bigint
}

/** What one look at the paths finds, nothing of it read. */
export interface Listing {
  /** By absolute path, in the order in which they are read: that of the paths, and by name within a directory. */
  readonly files: ReadonlyMap<string, ListedFile>
  /** Every directory gone into, by absolute path: its identity, which changes when another takes its place. */
  readonly directories: ReadonlyMap<string, string>
  /** What could not be looked at, by absolute path; nothing is known of what is below it. */
  readonly unreadable: ReadonlyMap<string, Unreadable>
}

export interface Unreadable {
  readonly path: string
  readonly reason: string
}

/**
 * Files of any name, and the manifests of directories with their subfolders. Links count as what they point to, folders
 * too: a ConfigMap volume shows its files as links, and its subfolders. Nothing that the file system says makes it reject.
 * Folders are read asynchronously, so that a file system that hangs does not hang the agent; the files in them are then
 * looked at synchronously, which costs a fifth for thousands of them.
 */
export async function listManifests(paths: readonly string[], pace: Pace): Promise<Listing> {
  const files = new Map<string, ListedFile>()
  const directories = new Map<string, string>()
  const unreadable = new Map<string, Unreadable>()

  async function visit(root: string, path: string, found: BigIntStats | string, above: readonly string[]) {
    const key = resolve(path)
    if (typeof found === 'string') unreadable.set(key, { path: shown(path), reason: found })
    else if (found.isDirectory()) await visitDirectory(root, path, `${found.dev}:${found.ino}`, above)
    else if (!found.isFile()) unreadable.set(key, { path: shown(path), reason: 'it is no regular file' })
    else if (!files.has(key)) {
      files.set(key, { key, path: shown(path), root, fingerprint: fingerprintOf(found), bytes: found.size })
    }
  }

  async function visitDirectory(root: string, path: string, identity: string, above: readonly string[]) {
    const key = resolve(path)
    if (above.includes(identity)) {
      unreadable.set(key, { path: shown(path), reason: 'it is a link to a folder above it' })
      return
    }
    const entries = await readdir(path, { withFileTypes: true }).catch(reasonOf)
    if (typeof entries === 'string') {
      unreadable.set(key, { path: shown(path), reason: entries })
      return
    }
    directories.set(key, identity)
    const wanted = entries.filter(isWanted).sort((left, right) => (left.name < right.name ? -1 : 1))
    for (const { name } of wanted) {
      await pace()
      const below = join(path, name)
      const stats = attempt(() => statSync(below, { bigint: true }))
      // A link that turns out to lead to a file needs a manifest's name as any other file does.
      if (typeof stats !== 'string' && !stats.isDirectory() && !isManifestName(name)) continue
      await visit(root, below, stats, [...above, identity])
    }
  }

  for (const path of paths) {
    if (path === '-') unreadable.set(resolve(path), { path, reason: 'standard input cannot be watched' })
    else await visit(path, path, await stat(path, { bigint: true }).catch(reasonOf), [])
  }
  return { files, directories, unreadable }
}

/**
 * Equal as long as nobody has written, replaced or renamed the file. The kernel sets ctime itself: tools that put an
 * older mtime back (`cp -p`, `rsync -t`) change it all the same.
 */
export function fingerprintOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return `${dev}:${ino}:${size}:${mtimeNs}:${ctimeNs}`
}

function isWanted(entry: Dirent): boolean {
  if (isHiddenName(entry.name)) return false
  return entry.isDirectory() || entry.isSymbolicLink() || isManifestName(entry.name)
}

/** Nearly every path may be shown as it is, and there are thousands at every look. */
function shown(path: string): string {
  return /^[ -~]*$/.test(path) ? path : printablePath(path)
}

/** The value, or why the file system would not. */
function attempt<Value>(ask: () => Value): Value | string {
  try {
    return ask()
  } catch (error) {
    return reasonOf(error)
  }
}

function reasonOf(error: unknown): string {
  if (!isSystemError(error)) throw error
  return printable(systemReason(error))
}
