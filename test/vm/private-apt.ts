import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { VmError } from './vm-error.ts'

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'
/** All suites, so that the machine's own apt never learns of them. */
const MIRROR = 'http://deb.debian.org'

export interface PrivateApt {
  /** The newest version of a package in these suites; undefined where none has it. */
  newest(name: string): Promise<string | undefined>
  /** Names of packages that this one depends on. */
  dependencies(name: string): Promise<readonly string[]>
  /** Downloads into the folder; `wanted` as apt writes it: NAME or NAME=VERSION. */
  download(wanted: readonly string[], folder: string): Promise<void>
  remove(): void
}

/** An apt that knows these suites of Debian and nothing of the machine's packages. Signatures are checked as usual. */
export async function createPrivateApt(suites: readonly string[]): Promise<PrivateApt> {
  const folder = mkdtempSync(join(tmpdir(), 'selvedge-vm-apt-'))
  for (const name of ['lists/partial', 'cache/archives/partial', 'parts']) {
    mkdirSync(join(folder, name), { recursive: true })
  }
  writeFileSync(join(folder, 'status'), '')
  writeFileSync(join(folder, 'sources.list'), suites.map(sourceLine).join(''))
  writeFileSync(join(folder, 'apt.conf'), await configuration(folder))
  const env = { APT_CONFIG: join(folder, 'apt.conf'), LC_ALL: 'C' }
  const run = async (file: string, argv: readonly string[], cwd = folder) => {
    const { stdout, stderr, failed } = await execa(file, argv, { cwd, env, timeout: 600_000, reject: false })
    if (failed) throw new VmError(`${file} ${argv[0]}: ${stderr.trim().split('\n')[0]}`)
    return stdout
  }
  const apt: PrivateApt = {
    newest: async (name) => /^[^|]*\| *(\S+)/.exec(await run('apt-cache', ['madison', name]))?.[1],
    dependencies: async (name) => {
      const listed = await run('apt-cache', ['depends', '--no-recommends', '--no-suggests', name])
      return [...listed.matchAll(/^[ |]*(?:Pre)?Depends: (\S+)$/gm)].map(([, other = '']) => other)
    },
    download: async (wanted, into) => void (await run('apt-get', ['--quiet=2', 'download', ...wanted], into)),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
  try {
    await run('apt-get', ['--quiet=2', '--error-on=any', 'update'])
    return apt
  } catch (error) {
    apt.remove()
    throw error
  }
}

function sourceLine(suite: string): string {
  const archive = suite.endsWith('-security') ? 'debian-security' : 'debian'
  return `deb [signed-by=${KEYRING}] ${MIRROR}/${archive} ${suite} main\n`
}

async function configuration(folder: string): Promise<string> {
  // How to reach a mirror is the machine's business: a proxy, a certificate.
  const machine = await execa('apt-config', ['dump', '--no-empty'], { reject: false })
  if (machine.failed) throw new VmError('no apt here: kernels are taken from Debian by apt')
  return [
    ...machine.stdout.split('\n').filter((line) => /^Acquire::(http|https|ForceIPv)/.test(line)),
    `Dir::State "${folder}";`,
    `Dir::State::lists "${folder}/lists";`,
    `Dir::State::status "${folder}/status";`,
    `Dir::Cache "${folder}/cache";`,
    `Dir::Etc::SourceList "${folder}/sources.list";`,
    'Dir::Etc::SourceParts "/dev/null";',
    `Dir::Etc::Parts "${folder}/parts";`,
    `Dir::Etc::PreferencesParts "${folder}/parts";`,
    'APT::Architecture "amd64";',
    'APT::Architectures { "amd64"; };',
    'APT::Sandbox::User "root";',
    'Acquire::Languages "none";',
    'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";',
    // Suites that are no longer updated are wanted, too; their signature holds all the same.
    'Acquire::Check-Valid-Until "false";',
    '',
  ].join('\n')
}
