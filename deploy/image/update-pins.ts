import { writeFileSync } from 'node:fs'
import { newestPackages } from './newest-packages.ts'
import { PACKAGES } from './packages.ts'
import { type Architecture, PINS_FILE, type PinnedPackage, type Pins } from './pins.ts'
import { createPrivateApt, MIRROR } from './private-apt.ts'

/*
 * Writes pins.json anew: the newest version of each package in its suite, security updates included.
 *
 *     npm run build:image:pins
 */
const names = Object.keys(PACKAGES)
const snapshot = new Date().toISOString().replace(/[-:]|\.\d+/g, '')
const [amd64, arm64] = [await newest('amd64'), await newest('arm64')]
const packages = Object.fromEntries(
  names.map((name) => [name, { amd64: pinned(amd64, name), arm64: pinned(arm64, name) }]),
)
writeFileSync(PINS_FILE, `${JSON.stringify({ snapshot, packages } satisfies Pins, undefined, 2)}\n`)

function pinned(found: ReadonlyMap<string, PinnedPackage>, name: string): PinnedPackage {
  const one = found.get(name)
  if (one === undefined) throw new Error(`apt does not know ${name}`)
  return one
}

async function newest(architecture: Architecture): Promise<ReadonlyMap<string, PinnedPackage>> {
  const apt = await createPrivateApt(MIRROR, architecture)
  try {
    return await newestPackages(apt, names)
  } finally {
    apt.remove()
  }
}
