import { realpathSync } from 'node:fs'
import { relative, sep } from 'node:path'

/** Does a path really (links followed) lie outside of a folder, or in a .git? `root` is the folder's own real path. Throws what the system says. */
export function isOutside(root: string, path: string): boolean {
  const below = relative(root, realpathSync(path)).split(sep)
  return below[0] === '..' || below.includes('.git')
}
