import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PrivateApt } from './private-apt.ts'

/** Debian packages by their content: whatever is not what was asked for is never found again. */
export interface PackageStore {
  has(sha256: string): boolean
  path(sha256: string): string
  /** Downloads these, written as apt has them: NAME=VERSION. */
  take(apt: PrivateApt, wanted: readonly string[]): Promise<void>
}

export function packageStore(folder: string): PackageStore {
  const path = (sha256: string) => join(folder, `${sha256}.deb`)
  return {
    path,
    has: (sha256) => existsSync(path(sha256)),
    take: async (apt, wanted) => {
      if (wanted.length === 0) return
      const files = mkdtempSync(join(tmpdir(), 'selvedge-debs-'))
      try {
        await apt.get(['download', ...wanted], files)
        mkdirSync(folder, { recursive: true })
        for (const name of readdirSync(files)) keep(join(files, name), path)
      } finally {
        rmSync(files, { recursive: true, force: true })
      }
    },
  }
}

/** Renamed at last, so that no half of a file is found. */
function keep(file: string, path: (sha256: string) => string): void {
  const target = path(createHash('sha256').update(readFileSync(file)).digest('hex'))
  const half = `${target}.${process.pid}`
  copyFileSync(file, half)
  renameSync(half, target)
}
