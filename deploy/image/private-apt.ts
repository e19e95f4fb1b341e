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
}

export const NEWEST: Archive = {
  main: 'http://deb.debian.org/debian',
  security: 'http://deb.debian.org/debian-security',
}

/** The archive as it was then: it keeps what the mirrors have dropped. */
export function archiveOf(snapshot: string): Archive {
  const root = 'http://snapshot.debian.org/archive'
  return { main: `${root}/debian/${snapshot}`, security: `${root}/debian-security/${snapshot}` }
}

export interface PrivateApt {
  /** Runs apt-get and returns what it printed. */
  get(argv: readonly string[], cwd?: string): Promise<string>
  remove(): void
}

/**
 * An apt for that architecture that knows our suites only, and nothing of the machine's own packages; for any user.
 * Signatures are checked as usual. Rejects when the lists cannot be had.
 */
export async function createPrivateApt(archive: Archive, architecture: Architecture): Promise<PrivateApt> {
  const folder = mkdtempSync(join(tmpdir(), 'selvedge-apt-'))
  for (const name of ['lists/partial', 'cache/archives/partial', 'sources', 'parts']) {
    mkdirSync(join(folder, name), { recursive: true })
  }
  writeFileSync(join(folder, 'status'), '')
  writeFileSync(join(folder, 'apt.conf'), await configuration(folder, architecture))
  writeFileSync(join(folder, 'sources', 'debian.sources'), sources(archive))
  const apt: PrivateApt = {
    get: async (argv, cwd = folder) => {
      const env = { APT_CONFIG: join(folder, 'apt.conf'), LC_ALL: 'C' }
      return (await execa('apt-get', ['--quiet=2', ...argv], { cwd, env, timeout: 300_000 })).stdout
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

async function configuration(folder: string, architecture: Architecture): Promise<string> {
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
    'Acquire::Languages "none";',
    'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";',
    // A snapshot is old on purpose; its signature holds all the same.
    'Acquire::Check-Valid-Until "false";',
    '',
  ].join('\n')
}

function sources({ main, security }: Archive): string {
  const stanza = (uri: string, suites: string) =>
    `Types: deb\nURIs: ${uri}\nSuites: ${suites}\nComponents: main\nSigned-By: ${KEYRING}\n`
  return [stanza(main, `${STABLE} ${STABLE}-updates ${TESTING}`), stanza(security, `${STABLE}-security`)].join('\n')
}
