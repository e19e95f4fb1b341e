import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { temporaryFolder, writeFileAt } from '../support/temporary-folder.ts'

interface Machine {
  readonly uid?: number
  readonly passwordlessSudo?: boolean
  readonly aptGet?: string | undefined
  /** What stands in for nft, ip, tcpreplay and conntrack and is there already. */
  readonly installed?: readonly string[]
  readonly nodeVersion?: string
  readonly npmExit?: number
}

// The programs that setup looks for, under names that no machine has, so that this one's own do not count.
const STAND_INS = { nft: 'x-nft', ip: 'x-ip', tcpreplay: 'x-tcpreplay', conntrack: 'x-conntrack' }
const PACKAGES = ['nftables', 'iproute2', 'tcpreplay', 'conntrack']
const REAL_TOOLS = ['bash', 'dirname', 'env', 'cat', 'touch', 'chmod', 'ln', 'true']

// Installs at once, as a machine with package lists does.
const APT_GET = `[ "$DEBIAN_FRONTEND" = noninteractive ] || exit 9
[ "$1" = install ] || exit 0
for name in x-nft x-ip x-tcpreplay x-conntrack; do touch "$MACHINE/bin/$name"; chmod +x "$MACHINE/bin/$name"; done`
// Knows no package before 'update'.
const APT_GET_WITHOUT_LISTS = `[ "$1" = update ] && { touch "$MACHINE/lists"; exit 0; }
[ -e "$MACHINE/lists" ] || { echo 'E: Unable to locate package' >&2; exit 100; }
${APT_GET}`

/** A folder with a copy of setup and a `bin` that is all its PATH; every stand-in writes its name and arguments to `log`. */
function machine(options: Machine): string {
  const { uid = 0, passwordlessSudo = false, aptGet, installed = [], nodeVersion = '20.20.2', npmExit = 0 } = options
  let setup = readFileSync(join(PROJECT_ROOT, 'scripts', 'setup'), 'utf8')
  for (const [name, standIn] of Object.entries(STAND_INS)) setup = setup.replace(`${name}:`, `${standIn}:`)
  const folder = temporaryFolder({ 'checkout/scripts/setup': setup, 'checkout/package.json': '{ "type": "module" }' })
  const program = (name: string, script: string) =>
    writeFileAt(join(folder, 'bin', name), `#!/usr/bin/env bash\necho "${name} $*" >>"$MACHINE/log"\n${script}\n`)
  program('id', `echo ${uid}`)
  program(
    'node',
    `case "$1" in -p) echo ${nodeVersion.split('.')[0]};; -v) echo v${nodeVersion};; *) [ -e node_modules ];; esac`,
  )
  program('npm', npmExit === 0 ? 'cat; ln -s . node_modules' : `exit ${npmExit}`)
  program('sudo', passwordlessSudo ? 'shift; exec "$@"' : 'echo "sudo: a password is required" >&2; exit 1')
  if (aptGet !== undefined) program('apt-get', aptGet)
  for (const name of installed) program(name, '')
  for (const name of REAL_TOOLS) symlinkSync(join('/usr/bin', name), join(folder, 'bin', name))
  return folder
}

async function runSetup(folder: string) {
  const bin = join(folder, 'bin')
  const { exitCode, stderr } = await execa(join(bin, 'bash'), [join(folder, 'checkout', 'scripts', 'setup')], {
    reject: false,
    cwd: '/',
    extendEnv: false,
    env: { PATH: bin, MACHINE: folder },
    timeout: 30_000,
  })
  const log = existsSync(join(folder, 'log')) ? readFileSync(join(folder, 'log'), 'utf8') : ''
  const calls = (name: string) => log.split('\n').filter((line) => line.startsWith(`${name} `))
  return { exitCode, stderr, calls }
}

const INSTALL = `apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=120 ${PACKAGES.join(' ')}`

test('root on a fresh machine gets the packages, without fetching lists that are there', async () => {
  const { exitCode, calls } = await runSetup(machine({ aptGet: APT_GET }))
  expect(exitCode).toBe(0)
  expect(calls('apt-get')).toEqual([INSTALL])
  expect(calls('npm')).toEqual(['npm ci --ignore-scripts --no-audit --no-fund'])
})

test('package lists are fetched where they are missing', async () => {
  const { exitCode, calls } = await runSetup(machine({ aptGet: APT_GET_WITHOUT_LISTS }))
  expect(exitCode).toBe(0)
  expect(calls('apt-get')).toEqual([INSTALL, 'apt-get update', INSTALL])
})

test('a second run does nothing', async () => {
  const folder = machine({ aptGet: APT_GET })
  const first = await runSetup(folder)
  const second = await runSetup(folder)
  expect(second.exitCode).toBe(0)
  expect(second.stderr).toBe('')
  for (const name of ['apt-get', 'npm', 'sudo']) expect(second.calls(name)).toEqual(first.calls(name))
})

test('only what is missing is installed', async () => {
  const { calls } = await runSetup(machine({ aptGet: APT_GET, installed: ['x-nft', 'x-ip'] }))
  expect(calls('apt-get')).toEqual([
    'apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=120 tcpreplay conntrack',
  ])
})

test('sudo is used where it asks for no password', async () => {
  const { exitCode, calls } = await runSetup(machine({ uid: 1000, passwordlessSudo: true, aptGet: APT_GET }))
  expect(exitCode).toBe(0)
  expect(calls('apt-get')).toEqual([INSTALL])
  expect(calls('sudo').every((call) => call.startsWith('sudo -n '))).toBe(true)
})

test('without root it says what to ask for, and goes on', async () => {
  const { exitCode, stderr, calls } = await runSetup(machine({ uid: 1000, aptGet: APT_GET }))
  expect(exitCode).toBe(0)
  expect(stderr).toContain(`please ask an administrator for: apt-get install ${PACKAGES.join(' ')}\n`)
  expect(calls('apt-get')).toEqual([])
  expect(calls('npm')).toHaveLength(1)
})

test('without apt it names the packages, and goes on', async () => {
  const { exitCode, stderr, calls } = await runSetup(machine({}))
  expect(exitCode).toBe(0)
  expect(stderr).toContain(
    `no apt-get here; please install with this system's package manager: ${PACKAGES.join(' ')}\n`,
  )
  expect(calls('npm')).toHaveLength(1)
})

test('packages that cannot be installed are named, and the rest goes on', async () => {
  const { exitCode, stderr, calls } = await runSetup(machine({ aptGet: 'exit 100' }))
  expect(exitCode).toBe(0)
  expect(stderr).toContain(`apt-get could not install: ${PACKAGES.join(' ')}`)
  expect(calls('npm')).toHaveLength(1)
})

test('a Node that is too old, and an npm that fails, end it with exit 3', async () => {
  const old = await runSetup(machine({ aptGet: APT_GET, nodeVersion: '18.20.4' }))
  expect(old).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('this is Node v18.20.4') })
  expect(old.calls('npm')).toEqual([])
  const failing = await runSetup(machine({ aptGet: APT_GET, npmExit: 1 }))
  expect(failing).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('npm ci failed') })
})
