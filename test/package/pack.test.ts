import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, type TestContext, test, vi } from 'vitest'
import { missingAloud } from '../support/missing-aloud.ts'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { createFolders, type Installation, install, pack } from './packed.ts'

/** npm fetches and unpacks 280 MB, Node among it. */
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

const folders = createFolders()
const SHOP = join(PROJECT_ROOT, 'examples', 'shop')
/** What only the agent needs: half a second to load. */
const HEAVY = /^(@kubernetes|@modelcontextprotocol|@prometheus-io|pino|undici|zod)(\/|$)/

const first = folders.make('first')
let tarball: string
let installation: Installation

beforeAll(async () => {
  tarball = await pack(first)
  installation = await install(tarball, folders.make('user'), folders.make('home'))
})
afterAll(() => folders.remove())

function installed(context: TestContext): Extract<Installation, { kind: 'installed' }> {
  if (installation.kind === 'installed') return installation
  missingAloud('the package', `npm's registry cannot be reached: ${installation.reason}`)
  return context.skip(installation.reason)
}

async function npx(context: TestContext, argv: readonly string[]) {
  const { folder, env } = installed(context)
  const options = { cwd: folder, env, extendEnv: false, reject: false, stripFinalNewline: false } as const
  const { exitCode, stdout, stderr } = await execa('npx', ['--no-install', '--', 'selvedge', ...argv], options)
  return { exitCode, stdout, stderr }
}

/** Paths below that folder, sorted; of packages' folders only their names matter. */
function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted()
}

/** The module names of a bundle's import statements; lazy ones too. */
function importsOf(file: string): { readonly now: string[]; readonly later: string[] } {
  const text = readFileSync(file, 'utf8')
  const names = (pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1] ?? '')
  return { now: names(/^(?:import|\} from|import .* from) ?"([^"]+)";$/gm), later: names(/\bimport\("([^"]+)"\)/g) }
}

test('the package holds the program, the examples and no more', async (context) => {
  const shapes = [
    /^(LICENSE|README\.md|package\.json|bin\/selvedge\.js)$/,
    /^dist\/cli\/(main|[a-z-]+-[A-Z0-9]{8})\.js$/,
    /^dist\/compiler\/([a-z-]+\/)*[a-z0-9-]+\.(js|d\.ts)$/,
    /^dist\/cli\/programs\/(client|server)\.js$/,
    /^examples\/(README\.md|[a-z-]+\/[a-z0-9-]+\.yaml|[a-z-]+\/tests\/[a-z0-9-]+\.policytest\.yaml)$/,
  ]
  const files = filesBelow(installed(context).packageFolder)
  expect(files.filter((file) => !shapes.some((shape) => shape.test(file)))).toEqual([])
  expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'bin/selvedge.js', 'dist/cli/main.js']))
  expect(files.filter((file) => file.startsWith('examples/'))).toEqual(
    filesBelow(join(PROJECT_ROOT, 'examples')).map((file) => `examples/${file}`),
  )
})

test('what is imported is in the package or among its dependencies', (context) => {
  const { packageFolder } = installed(context)
  const manifest = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>
  }
  const bundles = filesBelow(join(packageFolder, 'dist')).map((file) => join(packageFolder, 'dist', file))
  const imports = bundles.flatMap((file) => Object.values(importsOf(file)).flat())
  const packages = imports
    .filter((name) => !name.startsWith('node:') && !name.startsWith('.'))
    .map((name) => name.split('/', name.startsWith('@') ? 2 : 1).join('/'))
  expect(Object.keys(manifest.dependencies)).toEqual(expect.arrayContaining([...new Set(packages)]))
  expect(packages).toContain('commander')
  expect(imports.filter((name) => name.endsWith('.ts'))).toEqual([])
})

test('no command but the agent loads the Kubernetes client, the log, the metrics or the protocol of mcp', (context) => {
  const folder = join(installed(context).packageFolder, 'dist', 'cli')
  const seen = new Set(['./main.js'])
  for (const name of seen) {
    if (name.startsWith('./')) for (const next of importsOf(join(folder, name)).now) seen.add(next)
  }
  expect(seen).toContain('commander')
  expect([...seen].filter((name) => HEAVY.test(name))).toEqual([])
})

test('everything that is loaded lazily can be loaded', async (context) => {
  const { folder, packageFolder, env } = installed(context)
  const cli = join(packageFolder, 'dist', 'cli')
  const lazy = readdirSync(cli).filter((file) => file.endsWith('.js') && file !== 'main.js')
  const script = lazy.map((file) => `await import(${JSON.stringify(join(cli, file))})`).join('\n')
  const node = join(folder, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node')
  await execa(node, ['--input-type=module', '--eval', script], { cwd: folder, env, extendEnv: false })
  const dial = { kind: 'dial', id: 1, toAddress: '127.0.0.1', port: 1, protocol: 'TCP', timeoutMilliseconds: 5000 }
  const client = execa(node, [join(cli, 'programs', 'client.js')], { env, extendEnv: false })
  client.nodeChildProcess.stdin?.write(`${JSON.stringify(dial)}\n`)
  const said: string[] = []
  // It ends with its standard input.
  for await (const line of client) if (said.push(line) === 2) client.nodeChildProcess.stdin?.end()
  expect(JSON.parse(said[1] ?? '')).toMatchObject([{ kind: 'dialled', id: 1, result: { outcome: 'refused' } }])
})

test('npx selvedge compiles, as the checkout does, on whatever Node the system has', async (context) => {
  const here = await execa(process.execPath, [join(PROJECT_ROOT, 'src/cli/main.ts'), 'compile', '-f', SHOP], {
    stripFinalNewline: false,
  })
  expect(await npx(context, ['compile', '-f', SHOP])).toEqual({ exitCode: 0, stdout: here.stdout, stderr: '' })
  const examples = join(installed(context).packageFolder, 'examples')
  const all = await npx(context, ['compile', '-f', examples, '-o', 'json'])
  expect(all).toMatchObject({ exitCode: 0, stderr: '' })
  expect(JSON.parse(all.stdout)).toHaveProperty('pods')
})

test('version, help, bad usage, bad input', async (context) => {
  const { version } = JSON.parse(readFileSync(join(PROJECT_ROOT, 'package.json'), 'utf8')) as { version: string }
  expect(await npx(context, ['--version'])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' })
  expect(await npx(context, ['--help'])).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('compile') })
  expect(await npx(context, ['compile'])).toMatchObject({ exitCode: 2, stdout: '' })
  expect(await npx(context, ['compile', '-f', 'missing.yaml'])).toMatchObject({
    exitCode: 2,
    stdout: '',
    stderr: expect.stringContaining('missing.yaml'),
  })
})

test('the same sources give the same bytes', async () => {
  const digest = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex')
  expect(digest(await pack(folders.make('second'), first))).toBe(digest(tarball))
})

test('a program may import the compiler, with types', async (context) => {
  const { folder, env } = installed(context)
  const program = `import { createCluster, type Diagnostic, judge, readObjects } from 'selvedge'
const { objects, others, diagnostics } = readObjects([{ file: '-', text: '' }], { defaultNamespace: 'default' })
const problems: readonly Diagnostic[] = diagnostics
const address = { family: 'IPv4', value: 1n } as const
const connection = { source: address, destination: address, transport: { protocol: 'other' } } as const
const verdict: boolean = judge(createCluster(objects, others).graph, connection).allowed
console.log(verdict, problems.length)
`
  writeFileSync(join(folder, 'program.mts'), program)
  const options = { cwd: folder, env, extendEnv: false, reject: false } as const
  expect(await execa(process.execPath, ['program.mts'], options)).toMatchObject({ exitCode: 0, stdout: 'true 0' })
  const tsc = join(PROJECT_ROOT, 'node_modules', 'typescript', 'bin', 'tsc')
  const strict = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024', '--types', '']
  const check = (file: string) => execa(process.execPath, [tsc, ...strict, file], options)
  expect(await check('program.mts')).toMatchObject({ exitCode: 0, stdout: '' })
  // The types are really looked at.
  writeFileSync(join(folder, 'wrong.mts'), program.replace('const verdict: boolean', 'const verdict: string'))
  expect((await check('wrong.mts')).stdout).toContain("Type 'boolean' is not assignable to type 'string'")
})
