import { realpathSync } from 'node:fs'
import { dirname } from 'node:path'
import { isOutside } from './is-outside.ts'
import { manifestsIn } from './manifests-in.ts'
import { printablePath } from './printable-path.ts'
import { systemReason } from './system-reason.ts'

/**
 * The first path of these, or of the manifests in them, that really (links followed) lies outside of a folder or in its .git, and
 * why that is refused; undefined where all lie inside. A stranger's repository may link to whatever the machine holds.
 */
export function pathOutside(folder: string, paths: readonly string[]): string | undefined {
  try {
    const root = realpathSync(folder)
    for (const path of paths) {
      for (const file of [path, ...filesOf(path)]) {
        if (!isOutside(root, file)) continue
        return `${printablePath(file)}: lies outside of ${printablePath(folder)}, or in its .git, and is not read`
      }
    }
    return undefined
  } catch (error) {
    return `${paths.map(printablePath).join(', ')}: cannot be read: ${printablePath(systemReason(error))}`
  }
}

/** Why a file must not be written, whose folder really lies outside of another, or in its .git; undefined where it does not. */
export function folderOutside(folder: string, file: string): string | undefined {
  try {
    if (!isOutside(realpathSync(folder), dirname(file))) return undefined
    return `${printablePath(file)}: lies outside of ${printablePath(folder)}, or in its .git, and is not written`
  } catch (error) {
    return `${printablePath(file)}: cannot be written: ${printablePath(systemReason(error))}`
  }
}

function filesOf(path: string): Iterable<string> {
  try {
    return [...manifestsIn(path)]
  } catch {
    // It is a file itself, or nothing: reading it says what.
    return []
  }
}
