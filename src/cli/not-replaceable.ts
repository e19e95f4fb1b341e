import { lstatSync, statSync, type Stats } from 'node:fs'
import { printable } from '../../compiler/objects/quote.ts'

/**
 * Why a file must not be written whole, which replaces what stands there: a device, a pipe, a folder, or a link to one of these
 * (`/dev/stdout`), which others hold for what it is. Undefined where there is nothing, a file, or a link to a file or to nothing.
 */
export function notReplaceable(file: string): string | undefined {
  const there = statsOf(lstatSync, file)
  const meant = there?.isSymbolicLink() === true ? statsOf(statSync, file) : there
  if (meant === undefined || meant.isFile()) return undefined
  return `${printable(file)}: is no regular file, and is not replaced; name a file of your own`
}

/** Undefined where there is nothing; what else is wrong with the path, the writing says. */
function statsOf(stat: (path: string) => Stats, path: string): Stats | undefined {
  try {
    return stat(path)
  } catch {
    return undefined
  }
}
