import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { STABLE, TESTING } from './packages.ts'
import type { Architecture } from './pins.ts'

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'

/** Where Debian's archive and its security archive are. */
export interface Archive {
  readonly main: string
  readonly security: string
  /** How often a file that did not come is asked for again. */
  readonly retries: number
}

/** The newest of everything, and nothing older. */
export const MIRROR: Archive = {
  main: 'http://deb.debian.org/debian',
  security: 'http://deb.debian.org/debian-security',
  retries: 3,
}

/** The archive as it was then: it keeps what the mirrors have dropped. Not every machine reaches it, so nobody waits long. */
export function snapshotOf(snapshot: string): Archive {
  const root = 'http://snapshot.debian.org/archive'
  return { main: `${root}/debian/${snapshot}`, security: `${root}/debian-security/${snapshot}`, retries: 0 }
}

export interface PrivateApt {
  /** Runs apt-get and returns what it printed. */
  get(argv: readonly string[], cwd?: string): Promise<string>
  /** The versions that the archive has, of each of these packages. */
  versions(names: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>
  remove(): void
}

/**
 * An apt for that architecture that knows our suites only (and `others` of the main archive), and nothing of the machine's
 * own packages; for any user. Signatures are checked as usual. Rejects when the lists cannot be had.
 */
export async function createPrivateApt(
  archive: Archive,
  architecture: Architecture,
  others: readonly string[] = [],
): Promise<PrivateApt> {
  const folder = mkdtempSync(join(tmpdir(), 'selvedge-apt-'))
  for (const name of ['lists/partial', 'cache/archives/partial', 'sources', 'parts']) {
    mkdirSync(join(folder, name), { recursive: true })
  }
  writeFileSync(join(folder, 'status'), '')
  writeFileSync(join(folder, 'apt.conf'), await configuration(folder, architecture, archive.retries))
  writeFileSync(join(folder, 'sources', 'debian.sources'), sources(archive, others))
  const env = { APT_CONFIG: join(folder, 'apt.conf'), LC_ALL: 'C' }
  const apt: PrivateApt = {
    get: async (argv, cwd = folder) =>
      (await execa('apt-get', ['--quiet=2', ...argv], { cwd, env, timeout: 300_000 })).stdout,
    versions: async (names) => {
      // name | version | where
      const { stdout } = await execa('apt-cache', ['madison', ...names], { cwd: folder, env, timeout: 60_000 })
      const rows = stdout.split('\n').map((line) => line.split('|').map((field) => field.trim()))
      return new Map(names.map((name) => [name, rows.flatMap(([of, version = '']) => (of === name ? [version] : []))]))
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
  try {
    await apt.get(['update', '--error-on=any'])
    return apt
  } catch (error) {
    apt.remove()
    throw error
  }
}

async function configuration(folder: string, architecture: Architecture, retries: number): Promise<string> {
  // How to reach an archive is the machine's business: a proxy, a certificate.
  const machine = await execa('apt-config', ['dump', '--no-empty'])
  const transport = machine.stdout.split('\n').filter((line) => /^Acquire::(http|https|ForceIPv)/.test(line))
  return [
    ...transport,
    `Dir::State "${folder}";`,
    `Dir::State::lists "${folder}/lists";`,
    `Dir::State::status "${folder}/status";`,
    `Dir::Cache "${folder}/cache";`,
    `Dir::Etc::SourceList "/dev/null";`,
    `Dir::Etc::SourceParts "${folder}/sources";`,
    `Dir::Etc::Parts "${folder}/parts";`,
    `Dir::Etc::PreferencesParts "${folder}/parts";`,
    `APT::Architecture "${architecture}";`,
    `APT::Architectures { "${architecture}"; };`,
    `APT::Default-Release "/^${STABLE}(|-updates|-security)$/";`,
    'APT::Sandbox::User "root";',
    `Acquire::Retries "${retries}";`,
    'Acquire::http::Timeout "20";',
    'Acquire::Languages "none";',
    'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";',
    // A snapshot is old on purpose; its signature holds all the same.
    'Acquire::Check-Valid-Until "false";',
    '',
  ].join('\n')
}

function sources({ main, security }: Archive, others: readonly string[]): string {
  const stanza = (uri: string, suites: string) =>
    `Types: deb\nURIs: ${uri}\nSuites: ${suites}\nComponents: main\nSigned-By: ${KEYRING}\n`
  const suites = [STABLE, `${STABLE}-updates`, TESTING, ...others].join(' ')
  return [stanza(main, suites), stanza(security, `${STABLE}-security`)].join('\n')
}
