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
import type { Architecture, Pins } from './pins.ts'
import { archiveOf, createPrivateApt, NEWEST } from './private-apt.ts'

/**
 * The pinned packages of an architecture: name to path of its .deb. What is not in the cache is got by apt, from the
 * mirror or, where that has moved on, from the snapshot. Rejects when neither has it.
 */
export async function fetchPackages(
  pins: Pins,
  architecture: Architecture,
  cache: string,
): Promise<ReadonlyMap<string, string>> {
  const wanted = Object.entries(pins.packages).map(([name, pinned]) => ({ name, ...pinned[architecture] }))
  const place = (sha256: string) => join(cache, `${sha256}.deb`)
  const failures: unknown[] = []
  for (const archive of [NEWEST, archiveOf(pins.snapshot)]) {
    const missing = wanted.filter(({ sha256 }) => !existsSync(place(sha256)))
    if (missing.length === 0) break
    const folder = mkdtempSync(join(tmpdir(), 'selvedge-debs-'))
    try {
      const apt = await createPrivateApt(archive, architecture)
      try {
        const named = missing.map(({ name, version }) => `${name}=${version}`)
        await apt.get(['download', ...named], folder)
      } finally {
        apt.remove()
      }
      mkdirSync(cache, { recursive: true })
      for (const file of readdirSync(folder)) keep(join(folder, file), place)
    } catch (error) {
      failures.push(error)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  const absent = wanted.filter(({ sha256 }) => !existsSync(place(sha256)))
  if (absent.length > 0) {
    const names = absent.map(({ name, version }) => `${name}=${version}`).join(', ')
    throw new AggregateError(failures, `cannot be had for ${architecture}: ${names}`)
  }
  return new Map(wanted.map(({ name, sha256 }) => [name, place(sha256)]))
}

/** By its content: whatever is not what was pinned is never found again. Renamed at last, so that no half of it is. */
function keep(file: string, place: (sha256: string) => string): void {
  const target = place(createHash('sha256').update(readFileSync(file)).digest('hex'))
  const half = `${target}.${process.pid}`
  copyFileSync(file, half)
  renameSync(half, target)
}
