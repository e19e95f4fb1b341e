import { type Dirent, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { isHiddenName, isManifestName } from './manifest-name.ts'

/**
 * The manifests of a directory and its subfolders, by name within each: `.yaml`, `.yml` and `.json`, no hidden files,
 * none that editors leave, and nothing that is no file (a pipe would wait for ever). Throws what the system says.
 */
export function* manifestsIn(directory: string): Iterable<string> {
  const byName = (left: Dirent, right: Dirent) => (left.name < right.name ? -1 : 1)
  for (const entry of readdirSync(directory, { withFileTypes: true }).sort(byName)) {
    if (isHiddenName(entry.name)) continue
    const path = join(directory, entry.name)
    // A link to a folder is not followed, as kubectl has it: it may lead back here.
    if (entry.isDirectory()) yield* manifestsIn(path)
    else if (isManifestName(entry.name) && (entry.isFile() || isLinkToFile(entry, path))) yield path
  }
}

/** A link that leads nowhere counts: reading it says so. */
function isLinkToFile(entry: Dirent, path: string): boolean {
  return entry.isSymbolicLink() && statSync(path, { throwIfNoEntry: false })?.isFile() !== false
}
