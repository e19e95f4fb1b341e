import { PACKAGES, STABLE } from './packages.ts'
import type { PinnedPackage } from './pins.ts'
import type { PrivateApt } from './private-apt.ts'

/** The newest version of each of these packages in its suite, security updates included, as signed lists have it. */
export async function newestPackages(
  apt: PrivateApt,
  names: readonly string[],
): Promise<ReadonlyMap<string, PinnedPackage>> {
  const suiteOf = (name: string) => PACKAGES[name] ?? STABLE
  // Without a suite it is the newest of the stable ones.
  const wanted = names.map((name) => (suiteOf(name) === STABLE ? name : `${name}/${suiteOf(name)}`))
  const lines = await apt.get(['download', '--print-uris', ...wanted])
  const found = lines.matchAll(/^'[^']+' ([^_\s]+)_([^_\s]+)_\S+ \d+ SHA256:([0-9a-f]{64})$/gm)
  return new Map(
    [...found].map(([, name = '', version = '', sha256 = '']) => [
      name,
      { version: decodeURIComponent(version), sha256 },
    ]),
  )
}
