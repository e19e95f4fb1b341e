import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { STABLE, TESTING } from '../../deploy/image/packages.ts'
import { ARCHITECTURES, type Architecture, MACHINES } from '../../deploy/image/pins.ts'
import { createPrivateApt, MIRROR, OURS } from '../../deploy/image/private-apt.ts'
import { mustRun } from '../../src/lab/run-command.ts'

/** An nft, by the version that it tells. */
export interface Nft {
  readonly version: string
  readonly command: readonly string[]
}

const OLD = 'bookworm'
/** Debian 12 has 1.0.6, whose reading is the weakest that is still about; stable has a 1.1, testing what the image has. */
const SUITES = [OLD, STABLE, TESTING]

const OF_NFT = ['nftables', 'libnftables1', 'libnftnl11']
const OF_OTHERS = ['libmnl0', 'libjansson4', 'libgmp10', 'libxtables12', 'libedit2', 'libbsd0', 'libmd0', 'libtinfo6']

/**
 * The nft of each Debian release, with its own loader and libraries, and the machine's own. They are got by apt once, into
 * the cache. Rejects where apt cannot have them.
 */
export async function debianNfts(): Promise<readonly Nft[]> {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'selvedge', 'nft')
  const architecture = architectureOf(await mustRun(['dpkg', '--print-architecture']))
  const folders = SUITES.map((suite) => join(cache, `${suite}-${architecture}`))
  if (!folders.every(existsSync)) await fetchInto(cache, folders, architecture)
  const commands = folders.map((folder) => {
    // Merged folders or not: in Debian 12 some packages still have /lib.
    const libraries = ['usr/lib', 'lib']
      .map((lib) => join(folder, lib, MACHINES[architecture].triplet))
      .filter(existsSync)
    const loaders = libraries.flatMap((path) =>
      readdirSync(path).flatMap((file) => (file.startsWith('ld-linux') ? [join(path, file)] : [])),
    )
    if (loaders[0] === undefined) throw new Error(`no loader in ${folder}`)
    return [loaders[0], '--library-path', libraries.join(':'), join(folder, 'usr/sbin/nft')]
  })
  const byVersion = new Map<string, Nft>()
  for (const command of [['nft'], ...commands]) {
    const version = /v(\S+)/.exec(await mustRun([...command, '--version']))?.[1] ?? ''
    if (!byVersion.has(version)) byVersion.set(version, { version, command })
  }
  return [...byVersion.values()]
}

async function fetchInto(cache: string, folders: readonly string[], architecture: Architecture): Promise<void> {
  mkdirSync(cache, { recursive: true })
  const half = mkdtempSync(join(cache, 'half-'))
  const apt = await createPrivateApt(MIRROR, architecture, { ...OURS, names: [...OURS.names, OLD] })
  try {
    for (const [index, suite] of SUITES.entries()) {
      const target = folders[index] ?? ''
      if (existsSync(target)) continue
      const [debs, root] = [join(half, `${suite}-debs`), join(half, suite)]
      for (const folder of [debs, root]) mkdirSync(folder)
      // What testing's nft needs of others, stable has too; they are named without a suite, since updates count as well.
      const ofSuite = (name: string) => (suite === STABLE ? name : `${name}/${suite}`)
      const others = [...OF_OTHERS, 'libc6'].map((name) => (suite === TESTING ? name : ofSuite(name)))
      await apt.get(['download', ...OF_NFT.map(ofSuite), ...others], debs)
      for (const deb of readdirSync(debs)) await execa('dpkg-deb', ['--extract', join(debs, deb), root])
      // Renamed at last, so that no half of it is ever found; another run may have been faster.
      if (!existsSync(target)) renameSync(root, target)
    }
  } finally {
    apt.remove()
    rmSync(half, { recursive: true, force: true })
  }
}

function architectureOf(text: string): Architecture {
  const architecture = ARCHITECTURES.find((one) => one === text.trim())
  if (architecture === undefined) throw new Error(`no packages for ${text.trim()}`)
  return architecture
}
