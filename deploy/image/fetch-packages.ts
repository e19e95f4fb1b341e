import { MissingParts, reasonOf } from './missing-parts.ts'
import { newestPackages } from './newest-packages.ts'
import { type PackageStore, packageStore } from './package-store.ts'
import type { Architecture, PinnedPackage, Pins } from './pins.ts'
import { type Archive, createPrivateApt, MIRROR, type PrivateApt, snapshotOf } from './private-apt.ts'

export interface PackageRequest {
  readonly pins: Pins
  readonly architecture: Architecture
  readonly cache: string
  /** The pinned bytes or none: nothing newer may stand in for them. */
  readonly locked: boolean
  readonly mirror?: Archive
  readonly snapshot?: Archive
}

export interface FetchedPackage extends PinnedPackage {
  /** Of the .deb. */
  readonly path: string
  /** The pinned version, where these are other bytes: signed by Debian all the same. */
  readonly insteadOf?: string
}

interface NamedPackage extends PinnedPackage {
  readonly name: string
}

/**
 * The pinned packages of an architecture, by name. What is not in the cache is got by apt: from the mirror; what that has
 * no longer, from the snapshot; what neither has, as the mirror's newest signed version, unless `locked`.
 * Rejects with MissingParts.
 */
export async function fetchPackages(request: PackageRequest): Promise<ReadonlyMap<string, FetchedPackage>> {
  const { pins, architecture, cache, locked, mirror = MIRROR, snapshot = snapshotOf(pins.snapshot) } = request
  const store = packageStore(cache)
  const wanted = Object.entries(pins.packages).map(([name, pinned]) => ({ name, ...pinned[architecture] }))
  const absent = () => wanted.filter(({ sha256 }) => !store.has(sha256))
  const reasons: string[] = []
  for (const archive of [mirror, snapshot]) {
    const missing = absent()
    if (missing.length === 0) break
    const taking = withApt(archive, architecture, (apt) => takePinned(apt, missing, store))
    await taking.catch((error: unknown) => reasons.push(reasonOf(error)))
  }
  const gone = absent()
  const refused = (cure: string) => {
    const names = gone.map(({ name, version }) => `${name}=${version}`).join(', ')
    const why = reasons.length === 0 ? '' : ` (${reasons.join('; ')})`
    return new MissingParts(`the pinned bytes cannot be had for ${architecture}: ${names}${why}; ${cure}`)
  }
  if (gone.length > 0 && locked) throw refused('renew the pins: npm run build:image:pins; or build without --locked')
  const standIns = await newestOf(siblings(gone, wanted)).catch((error: unknown) => {
    reasons.push(reasonOf(error))
    throw refused('nor can newer ones: look at the network, and at the proxy of apt')
  })
  return new Map(
    wanted.map(({ name, version, sha256 }) => {
      const used = standIns.get(name) ?? { version, sha256 }
      const fetched = { ...used, path: store.path(used.sha256) }
      return [name, used.sha256 === sha256 ? fetched : { ...fetched, insteadOf: version }]
    }),
  )

  async function newestOf(names: readonly string[]): Promise<ReadonlyMap<string, PinnedPackage>> {
    if (names.length === 0) return new Map()
    return withApt(mirror, architecture, async (apt) => {
      const newest = await newestPackages(apt, names)
      const unseen = [...newest].filter(([, { sha256 }]) => !store.has(sha256))
      await store.take(
        apt,
        unseen.map(([name, { version }]) => `${name}=${version}`),
      )
      return newest
    })
  }
}

/** One version that is gone keeps nobody else's from being taken: apt refuses a whole list for it. */
async function takePinned(apt: PrivateApt, missing: readonly NamedPackage[], store: PackageStore): Promise<void> {
  const offered = await apt.versions(missing.map(({ name }) => name))
  const there = missing.filter(({ name, version }) => offered.get(name)?.includes(version))
  await store.take(
    apt,
    there.map(({ name, version }) => `${name}=${version}`),
  )
}

/** With those of the same version, which one source has built: such packages depend on each other by exact version. */
function siblings(gone: readonly NamedPackage[], wanted: readonly NamedPackage[]): readonly string[] {
  // Rebuilt without a change of the source, a version gets +b1.
  const source = ({ version }: NamedPackage) => version.replace(/\+b\d+$/, '')
  const sources = new Set(gone.map(source))
  return wanted.filter((one) => sources.has(source(one))).map(({ name }) => name)
}

async function withApt<Result>(
  archive: Archive,
  architecture: Architecture,
  use: (apt: PrivateApt) => Promise<Result>,
): Promise<Result> {
  const apt = await createPrivateApt(archive, architecture)
  try {
    return await use(apt)
  } finally {
    apt.remove()
  }
}
