import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, type TestContext, test, vi } from 'vitest'
import { type FetchedPackage, fetchPackages } from '../../deploy/image/fetch-packages.ts'
import { newestPackages } from '../../deploy/image/newest-packages.ts'
import type { PinnedPackage, Pins } from '../../deploy/image/pins.ts'
import { type Archive, createPrivateApt, MIRROR } from '../../deploy/image/private-apt.ts'
import { needsParts } from './needs-parts.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

/** Three small packages; the two of GCC are of one source, and need each other in exactly one version. */
const NAMES = ['netbase', 'libgcc-s1', 'gcc-14-base']
/** Nobody listens there: a machine that cannot reach the archive of old packages. */
const UNREACHABLE: Archive = { main: 'http://127.0.0.1:9/debian', security: 'http://127.0.0.1:9/security', retries: 0 }
const GONE: PinnedPackage = { version: '0.0.1-never', sha256: '0'.repeat(64) }

let newest: ReadonlyMap<string, PinnedPackage>
let unreachable: string | undefined
let cache: string

beforeAll(async () => {
  try {
    const apt = await createPrivateApt(MIRROR, 'amd64')
    newest = await newestPackages(apt, NAMES)
    apt.remove()
  } catch (error) {
    unreachable = String(error)
  }
})
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'selvedge-parts-'))
})
afterEach(() => rmSync(cache, { recursive: true, force: true }))

/** Pins of what is newest now, but for those of `gone`. */
function pinsWithout(...gone: readonly string[]): Pins {
  const one = (name: string) => (gone.includes(name) ? GONE : (newest.get(name) ?? GONE))
  const packages = Object.fromEntries(NAMES.map((name) => [name, { amd64: one(name), arm64: GONE }]))
  return { snapshot: '20261128T000000Z', packages }
}

function fetch(context: TestContext, pins: () => Pins, options: { locked?: boolean; mirror?: Archive } = {}) {
  needsParts(context, unreachable)
  const { locked = false, mirror = MIRROR } = options
  return fetchPackages({ pins: pins(), architecture: 'amd64', cache, locked, mirror, snapshot: UNREACHABLE })
}

const insteadOf = (fetched: ReadonlyMap<string, FetchedPackage>) =>
  Object.fromEntries([...fetched].map(([name, one]) => [name, one.insteadOf]))

test('what the mirror has is taken from there, and asked for once', async (context) => {
  const first = await fetch(context, () => pinsWithout(), { locked: true })
  expect(insteadOf(first)).toEqual({ netbase: undefined, 'libgcc-s1': undefined, 'gcc-14-base': undefined })
  const again = await fetch(context, () => pinsWithout(), { locked: true, mirror: UNREACHABLE })
  expect(again).toEqual(first)
})

test('a pinned version that is gone is replaced by the newest signed one; the others are the pinned bytes', async (context) => {
  const fetched = await fetch(context, () => pinsWithout('netbase'))
  expect(insteadOf(fetched)).toEqual({ netbase: '0.0.1-never', 'libgcc-s1': undefined, 'gcc-14-base': undefined })
  expect(fetched.get('netbase')).toMatchObject(newest.get('netbase') ?? {})
  const files = [...fetched.values()].map(({ sha256 }) => `${sha256}.deb`)
  expect(readdirSync(cache).toSorted()).toEqual(files.toSorted())
})

test('packages of one source are replaced together, also where one of them is in the cache', async (context) => {
  const gone = { version: '14.1.0-1', sha256: '1'.repeat(64) }
  const cached = { version: '14.1.0-1+b1', sha256: '2'.repeat(64) }
  writeFileSync(join(cache, `${cached.sha256}.deb`), 'the pinned bytes')
  const pins = (): Pins => {
    const { snapshot, packages } = pinsWithout()
    const old = { 'libgcc-s1': { amd64: gone, arm64: gone }, 'gcc-14-base': { amd64: cached, arm64: cached } }
    return { snapshot, packages: { ...packages, ...old } }
  }
  const fetched = await fetch(context, pins)
  expect(insteadOf(fetched)).toEqual({ netbase: undefined, 'libgcc-s1': '14.1.0-1', 'gcc-14-base': '14.1.0-1+b1' })
})

test('locked it is refused, in one line that names the package and the cure', async (context) => {
  const refused = fetch(context, () => pinsWithout('netbase'), { locked: true })
  await expect(refused).rejects.toMatchObject({ name: 'MissingParts' })
  await expect(refused).rejects.toThrow(/^[^\n]*: netbase=0\.0\.1-never \([^\n]*npm run build:image:pins[^\n]*$/)
})

test('where nothing can be reached, it is one line that says so', async (context) => {
  const refused = fetch(context, () => pinsWithout(), { mirror: UNREACHABLE })
  await expect(refused).rejects.toMatchObject({ name: 'MissingParts' })
  await expect(refused).rejects.toThrow(/^[^\n]*netbase=[^\n]*127\.0\.0\.1[^\n]*look at the network[^\n]*$/)
})
