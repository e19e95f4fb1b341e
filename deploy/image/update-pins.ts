import { writeFileSync } from 'node:fs'
import { PACKAGES, STABLE } from './packages.ts'
import { type Architecture, PINS_FILE, type PinnedPackage, type Pins } from './pins.ts'
import { createPrivateApt, NEWEST } from './private-apt.ts'

/*
 * Writes pins.json anew: the newest version of each package in its suite, security updates included.
 *
 *     node deploy/image/update-pins.ts
 */
const snapshot = new Date().toISOString().replace(/[-:]|\.\d+/g, '')
const [amd64, arm64] = [await newest('amd64'), await newest('arm64')]
const packages = Object.fromEntries(
  Object.keys(PACKAGES).map((name) => [name, { amd64: pinned(amd64, name), arm64: pinned(arm64, name) }]),
)
writeFileSync(PINS_FILE, `${JSON.stringify({ snapshot, packages } satisfies Pins, undefined, 2)}\n`)

function pinned(found: ReadonlyMap<string, PinnedPackage>, name: string): PinnedPackage {
  const one = found.get(name)
  if (one === undefined) throw new Error(`apt does not know ${name}`)
  return one
}

async function newest(architecture: Architecture): Promise<ReadonlyMap<string, PinnedPackage>> {
  const apt = await createPrivateApt(NEWEST, architecture)
  try {
    // Without a suite it is the newest of the stable ones.
    const names = Object.entries(PACKAGES).map(([name, suite]) => (suite === STABLE ? name : `${name}/${suite}`))
    const lines = await apt.get(['download', '--print-uris', ...names])
    const found = lines.matchAll(/^'[^']+' ([^_\s]+)_([^_\s]+)_\S+ \d+ SHA256:([0-9a-f]{64})$/gm)
    return new Map(
      [...found].map(([, name = '', version = '', sha256 = '']) => [
        name,
        { version: decodeURIComponent(version), sha256 },
      ]),
    )
  } finally {
    apt.remove()
  }
}
