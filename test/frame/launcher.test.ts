import { copyFileSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { transform } from 'esbuild'
import { execa } from 'execa'
import { describe, expect, test } from 'vitest'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { temporaryFolder, writeFileAt } from '../support/temporary-folder.ts'

const LAUNCHER = join(PROJECT_ROOT, 'bin', 'selvedge.js')

// Stands in for the command: tells who runs it, and does what the first argument says.
const MAIN = `const [verb, ...rest] = process.argv.slice(2)
if (verb === 'tell') console.log(JSON.stringify({ node: process.versions.node, rest }))
if (verb === 'exit') process.exit(Number(rest[0]))
if (verb === 'echo') process.stdin.pipe(process.stdout)
if (verb === 'wait' || verb === 'hold') {
  if (verb === 'wait') process.on(rest[0], () => process.exit(42))
  setInterval(() => {}, 1000)
  console.log('ready')
}
if (verb === 'fail') await import('./missing.ts')
`

// A Node that believes to be of another version: what the launcher asks, and what it must not ask twice.
const PRETEND = `const version = process.env.PRETENDED_NODE
if (version) Object.defineProperty(process, 'versions', { value: { ...process.versions, node: version } })
delete process.env.PRETENDED_NODE
`

interface Checkout {
  readonly main?: string
  readonly ownNode?: boolean
}

function checkout({ main = 'src/cli/main.ts', ownNode = true }: Checkout = {}): string {
  const text = main.endsWith('.ts') ? `${MAIN}export const typed: string = 'TypeScript'\n` : MAIN
  const folder = temporaryFolder({ 'package.json': '{ "type": "module" }', [main]: text, 'pretend.cjs': PRETEND })
  mkdirSync(join(folder, 'bin'))
  copyFileSync(LAUNCHER, join(folder, 'bin', 'selvedge.js'))
  if (ownNode) {
    const owned = join(folder, 'node_modules', `node-linux-${process.arch}`)
    writeFileAt(join(owned, 'package.json'), '{}')
    mkdirSync(join(owned, 'bin'))
    symlinkSync(process.execPath, join(owned, 'bin', 'node'))
  }
  return folder
}

function start(folder: string, node: string, args: readonly string[], input = '') {
  const launch = ['--require', join(folder, 'pretend.cjs'), join(folder, 'bin', 'selvedge.js'), ...args]
  const env = { PRETENDED_NODE: node, NODE_OPTIONS: '' }
  return execa(process.execPath, launch, { reject: false, env, input, forceKillAfterDelay: false, timeout: 30_000 })
}

const OLD = '12.22.12'
const CURRENT = ''

describe.each([
  ['the Node that runs it', CURRENT],
  ['the Node of the project, from an old one', OLD],
])('on %s', (_name, node) => {
  test('the command gets the arguments as they are', async () => {
    const { stdout, exitCode } = await start(checkout(), node, ['tell', '--version', 'two words', ''])
    expect(JSON.parse(stdout)).toEqual({ node: process.versions.node, rest: ['--version', 'two words', ''] })
    expect(exitCode).toBe(0)
  })

  test('the command reads stdin', async () => {
    const { stdout } = await start(checkout(), node, ['echo'], 'kind: Pod')
    expect(stdout).toBe('kind: Pod')
  })

  test.each([0, 1, 2, 3])('exit code %i comes through', async (code) => {
    expect((await start(checkout(), node, ['exit', String(code)])).exitCode).toBe(code)
  })

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const)(
    'a handler of %s in the command runs',
    async (signal) => {
      const running = start(checkout(), node, ['wait', signal])
      running.stdout?.once('data', () => running.kill(signal))
      expect((await running).exitCode).toBe(42)
    },
  )

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s ends a command without a handler', async (signal) => {
    const running = start(checkout(), node, ['hold'])
    running.stdout?.once('data', () => running.kill(signal))
    const { signal: ended, exitCode } = await running
    expect({ ended, exitCode }).toEqual({ ended: signal, exitCode: undefined })
  })

  test('the built file stands in where there are no sources', async () => {
    expect((await start(checkout({ main: 'dist/cli/main.js' }), node, ['exit', '2'])).exitCode).toBe(2)
  })
})

test.each(['20.20.2', '22.22.0', '24.11.1'])('Node %s is too old', async (node) => {
  const { exitCode, stderr, stdout } = await start(checkout({ ownNode: false }), node, ['tell'])
  expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' })
  expect(stderr).toMatch(new RegExp(`^selvedge: this is Node ${node}, and Selvedge needs 24.12 or later; [^\\n]+$`))
})

test.each(['24.12.0', '25.0.0', '100.1.0'])('Node %s runs the command itself', async (node) => {
  expect((await start(checkout({ ownNode: false }), node, ['exit', '1'])).exitCode).toBe(1)
})

test('installed below node_modules, where Node strips no types, the built file goes first', async () => {
  const folder = temporaryFolder({
    'node_modules/selvedge/package.json': '{ "type": "module" }',
    'node_modules/selvedge/src/cli/main.ts': MAIN,
    'node_modules/selvedge/dist/cli/main.js': MAIN,
    'node_modules/selvedge/bin/selvedge.js': readFileSync(LAUNCHER, 'utf8'),
    'node_modules/selvedge/pretend.cjs': PRETEND,
  })
  expect((await start(join(folder, 'node_modules', 'selvedge'), CURRENT, ['exit', '2'])).exitCode).toBe(2)
})

test('an incomplete checkout is said to be one', async () => {
  const { exitCode, stderr } = await start(checkout({ main: 'elsewhere.ts' }), CURRENT, ['tell'])
  expect({ exitCode, lines: stderr.split('\n').length }).toEqual({ exitCode: 3, lines: 1 })
  expect(stderr).toContain('neither src/cli/main.ts nor dist/cli/main.js')
})

test('a file that cannot be loaded is the machine that would not, never an answer', async () => {
  const { exitCode, stderr } = await start(checkout(), CURRENT, ['fail'])
  expect(exitCode).toBe(3)
  expect(stderr).toMatch(/missing\.ts.*run scripts\/setup/)
})

test('the launcher is written in syntax and imports that Node 12 knows', async () => {
  const text = readFileSync(LAUNCHER, 'utf8')
  const lowered = await transform(text, { target: 'node12.20' })
  expect(lowered.code).toBe((await transform(text, { target: 'esnext' })).code)
  expect(text).not.toMatch(/from 'node:|^await /m)
})
