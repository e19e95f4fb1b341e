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

/** Suites of Debian that an apt knows. */
export interface Suites {
  /** As sources.list names them; NAME-security is of the security archive. */
  readonly names: readonly string[]
  /** The release whose packages are taken where others have newer ones; without it the newest of all suites are. */
  readonly preferred?: string
}

/** What the image is made of. */
export const OURS: Suites = { names: [STABLE, `${STABLE}-updates`, `${STABLE}-security`, TESTING], preferred: STABLE }

export interface PrivateApt {
  /** Runs apt-get and returns what it printed. */
  get(argv: readonly string[], cwd?: string): Promise<string>
  /** Runs apt-cache and returns what it printed. */
  cache(argv: readonly string[]): Promise<string>
  /** The versions that the archive has, of each of these packages. */
  versions(names: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>
  remove(): void
}

/**
 * An apt for that architecture that knows these suites only, and nothing of the machine's own packages; for any user.
 * Signatures are checked as usual. Rejects when the lists cannot be had.
 */
export async function createPrivateApt(
  archive: Archive,
  architecture: Architecture,
  suites: Suites = OURS,
): Promise<PrivateApt> {
  const folder = mkdtempSync(join(tmpdir(), 'selvedge-apt-'))
  for (const name of ['lists/partial', 'cache/archives/partial', 'sources', 'parts']) {
    mkdirSync(join(folder, name), { recursive: true })
  }
  writeFileSync(join(folder, 'status'), '')
  writeFileSync(join(folder, 'apt.conf'), await configuration(folder, architecture, archive, suites))
  writeFileSync(join(folder, 'sources', 'debian.sources'), sources(archive, suites))
  const env = { APT_CONFIG: join(folder, 'apt.conf'), LC_ALL: 'C' }
  const apt: PrivateApt = {
    get: async (argv, cwd = folder) =>
      (await execa('apt-get', ['--quiet=2', ...argv], { cwd, env, timeout: 600_000 })).stdout,
    cache: async (argv) => (await execa('apt-cache', argv, { cwd: folder, env, timeout: 60_000 })).stdout,
    versions: async (names) => {
      // name | version | where
      const listed = await apt.cache(['madison', ...names])
      const rows = listed.split('\n').map((line) => line.split('|').map((field) => field.trim()))
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

async function configuration(
  folder: string,
  architecture: Architecture,
  { retries }: Archive,
  { preferred }: Suites,
): Promise<string> {
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
    ...(preferred === undefined ? [] : [`APT::Default-Release "/^${preferred}(|-updates|-security)$/";`]),
    'APT::Sandbox::User "root";',
    `Acquire::Retries "${retries}";`,
    'Acquire::http::Timeout "20";',
    'Acquire::Languages "none";',
    'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";',
    // A snapshot is old on purpose, and so is a suite that is no longer updated; the signature holds all the same.
    'Acquire::Check-Valid-Until "false";',
    '',
  ].join('\n')
}

function sources({ main, security }: Archive, { names }: Suites): string {
  const stanza = (uri: string, suites: readonly string[]) =>
    suites.length === 0
      ? ''
      : `Types: deb\nURIs: ${uri}\nSuites: ${suites.join(' ')}\nComponents: main\nSigned-By: ${KEYRING}\n`
  const ofSecurity = (name: string) => name.endsWith('-security')
  const others = names.filter((name) => !ofSecurity(name))
  return [stanza(main, others), stanza(security, names.filter(ofSecurity))].join('\n')
}
