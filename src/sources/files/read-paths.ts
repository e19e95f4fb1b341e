import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Diagnostic } from '../../../compiler/objects/diagnostic.ts'

/** A text and where it came from. */
export interface SourceText {
  readonly file: string
  readonly text: string
}

export interface ReadPaths {
  readonly sources: readonly SourceText[]
  readonly diagnostics: readonly Diagnostic[]
}

/** More than this is no manifest; reading it would only end in an out-of-memory error. */
const LARGEST_FILE = 512 * 1024 * 1024

/**
 * Reads what `-f` names: files of any name, `-` for standard input, directories with their subfolders (there only
 * `.yaml`, `.yml` and `.json`, no hidden files and none that editors leave). The order is that of the paths, and by
 * name within a directory.
 */
export function readPaths(paths: readonly string[]): ReadPaths {
  const sources: SourceText[] = []
  const diagnostics: Diagnostic[] = []
  const fail = (code: string, problem: string, hint: string): void => {
    diagnostics.push({ severity: 'error', code, problem, hint })
  }

  const read = (file: string, source: string | 0): void => {
    try {
      const bytes = readFileSync(source)
      sources.push({ file, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) })
    } catch (error) {
      if (error instanceof TypeError) fail('not-text', `${file}: is not UTF-8 text`, 'manifests are YAML or JSON')
      else fail('cannot-read', `${file}: cannot be read: ${reason(error)}`, '')
    }
  }

  const visit = (path: string): void => {
    try {
      const stat = statSync(path)
      if (stat.isDirectory()) {
        const files = [...manifestsIn(path)]
        if (files.length === 0)
          fail(
            'no-manifests',
            `${path}: holds no .yaml, .yml or .json file`,
            'name the files themselves if they have other endings',
          )
        for (const file of files) read(file, file)
      } else if (stat.size > LARGEST_FILE) fail('too-large', `${path}: is larger than 512 MiB`, 'split it')
      else read(path, path)
    } catch (error) {
      fail('cannot-read', `${path}: cannot be read: ${reason(error)}`, '')
    }
  }

  for (const path of paths) {
    if (path === '-') read('-', 0)
    else visit(path)
  }
  return { sources, diagnostics }
}

function* manifestsIn(directory: string): Iterable<string> {
  const byName = (left: Dirent, right: Dirent) => (left.name < right.name ? -1 : 1)
  for (const entry of readdirSync(directory, { withFileTypes: true }).sort(byName)) {
    if (entry.name.startsWith('.')) continue
    const path = join(directory, entry.name)
    if (entry.isDirectory()) yield* manifestsIn(path)
    else if (/\.(ya?ml|json)$/.test(entry.name) && !entry.name.startsWith('#')) yield path
  }
}

function reason(error: unknown): string {
  const code = (error as { code?: unknown }).code
  switch (code) {
    case 'ENOENT':
      return 'no such file or directory'
    case 'EACCES':
      return 'permission denied'
    case 'EISDIR':
      return 'it is a directory'
    default:
      return error instanceof Error ? error.message : String(error)
  }
}
