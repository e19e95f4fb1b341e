import { statSync } from 'node:fs'
import type { Diagnostic } from '../../../compiler/objects/diagnostic.ts'
import { printable } from '../../../compiler/objects/quote.ts'
import { decodeText } from './decode-text.ts'
import { manifestsIn } from './manifests-in.ts'
import { printablePath } from './printable-path.ts'
import { readBytes } from './read-bytes.ts'
import { systemReason } from './system-reason.ts'

/** A text and where it came from, as diagnostics show it. */
export interface SourceText {
  readonly file: string
  readonly text: string
  /** The folder in which it was found; undefined for what was given by its name. */
  readonly directory?: string | undefined
}

export interface ReadPaths {
  readonly sources: readonly SourceText[]
  readonly diagnostics: readonly Diagnostic[]
}

/** More than this is no manifest; reading it would only end in an out-of-memory error. */
const LARGEST_FILE = 512 * 1024 * 1024 - 1

/**
 * Reads what `-f` names: files of any name, `-` for standard input, directories with their subfolders (there only
 * manifests, see manifestsIn). The order is that of the paths, and by name within a directory.
 */
export function readPaths(paths: readonly string[]): ReadPaths {
  const sources: SourceText[] = []
  const diagnostics: Diagnostic[] = []
  const fail = (code: string, path: string, problem: string, hint: string): void => {
    diagnostics.push({ severity: 'error', code, problem: `${printablePath(path)}: ${problem}`, hint })
  }
  const cannotRead = (path: string, error: unknown): void =>
    fail('cannot-read', pathOf(error) ?? path, `cannot be read: ${printable(systemReason(error))}`, '')

  const read = (path: string, directory?: string): void => {
    try {
      const bytes = readBytes(path, LARGEST_FILE)
      if (bytes === undefined) fail('too-large', path, 'is larger than 512 MiB', 'split it')
      else
        sources.push({
          file: printablePath(path),
          text: decodeText(bytes),
          ...(directory !== undefined && { directory }),
        })
    } catch (error) {
      if (error instanceof TypeError) fail('not-text', path, 'is not UTF-8 text', 'manifests are YAML or JSON')
      else cannotRead(path, error)
    }
  }

  for (const path of paths) {
    if (path === '-' || !isDirectory(path)) {
      read(path)
      continue
    }
    try {
      const files = [...manifestsIn(path)]
      const hint = 'name the files themselves if they have other endings'
      if (files.length === 0) fail('no-manifests', path, 'holds no .yaml, .yml or .json file', hint)
      for (const file of files) read(file, printablePath(path))
    } catch (error) {
      cannotRead(path, error)
    }
  }
  return { sources, diagnostics }
}

/** False as well when nothing can be said: reading it as a file tells why. */
function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

/** Which path the system spoke of: of a directory it may be a folder inside. */
function pathOf(error: unknown): string | undefined {
  const { path } = error as { path?: unknown }
  return typeof path === 'string' ? path : undefined
}
