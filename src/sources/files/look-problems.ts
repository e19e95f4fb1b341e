import { resolve } from 'node:path'
import type { Diagnostic } from '../../../compiler/objects/diagnostic.ts'
import type { TrackedFile } from './file-tracker.ts'
import type { Listing } from './list-manifests.ts'
import { printablePath } from './printable-path.ts'

type Problems = ReadonlyMap<string, readonly Diagnostic[]>

/**
 * Problems of a look: what it could not see, and paths that hold nothing. What could not be seen has to be so in two looks
 * in a row: between the listing of a folder and the look at a file in it the file may have gone.
 */
export function accessProblems(listing: Listing, before: Listing | undefined, roots: readonly string[]): Problems {
  const problems = new Map<string, readonly Diagnostic[]>()
  for (const [key, { path, reason }] of listing.unreadable) {
    if (before !== undefined && !before.unreadable.has(key)) continue
    const problem = `${path}: cannot be read: ${reason}; what was read there before stays in force`
    problems.set(path, [{ severity: 'error', code: 'cannot-read', problem, hint: '' }])
  }
  for (const root of roots) {
    if (holdsFiles(listing, resolve(root))) continue
    const problem = `${printablePath(root)}: holds no .yaml, .yml or .json file`
    const hint = 'name the files themselves if they have other endings'
    problems.set(root, [{ severity: 'warning', code: 'no-manifests', problem, hint }])
  }
  return problems
}

/** Files that never rest, and so are never read. */
export function motionProblems(restless: readonly TrackedFile[]): Problems {
  return new Map(
    restless.map(({ file: { path }, taken }) => {
      const rest = taken === undefined ? 'it is not in force yet' : 'its last good state stays in force'
      const problem = `${path}: is being written all the time; ${rest}`
      const hint = 'write it beside, under a hidden name, and move it into place'
      return [path, [{ severity: 'error', code: 'restless-file', problem, hint }]]
    }),
  )
}

/** Or may hold some, where nobody can look. */
function holdsFiles({ files, unreadable }: Listing, path: string): boolean {
  for (const keys of [files.keys(), unreadable.keys()]) {
    for (const key of keys) if (key === path || key.startsWith(`${path}/`)) return true
  }
  return false
}

/** Why a path that was given cannot be looked at; undefined when it can. */
export function rootFailure({ unreadable }: Listing, root: string): string | undefined {
  return unreadable.get(resolve(root))?.reason
}
