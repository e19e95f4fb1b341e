import { cpSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, type TestContext, test, vi } from 'vitest'
import { readElf } from '../../deploy/image/elf.ts'
import { readPins } from '../../deploy/image/pins.ts'
import { createLab } from '../../src/lab/create-lab.ts'
import type { Lab } from '../../src/lab/lab.ts'
import { waitUntil } from '../kernel-room/wait-until.ts'
import { describeLab } from '../lab/describe-lab.ts'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { type Built, build, copySources } from './built-image.ts'
import { type ImageConfig, inImage, unpackImage } from './image-root.ts'
import { needsParts } from './needs-parts.ts'

/** All but texts of licences and libraries, which the pins and the linker decide. */
const FILES = `
  etc/group etc/nsswitch.conf etc/os-release etc/passwd etc/protocols lib lib64 usr/bin/kubectl-selvedge usr/bin/kubectl_complete-selvedge usr/bin/node usr/bin/selvedge
  usr/lib/os-release usr/lib/selvedge/LICENSE usr/lib/selvedge/THIRD-PARTY usr/lib/selvedge/bin/selvedge.js
  usr/lib/selvedge/dist/cli/main.js usr/lib/selvedge/package.json usr/lib64/ld-linux-x86-64.so.2 usr/sbin/conntrack
  usr/sbin/nft var/run`
const TWO_NODES = join(PROJECT_ROOT, 'examples', 'two-nodes')
/** The first build downloads, and compresses 140 MB; each program starts from a cold root. */
vi.setConfig({ testTimeout: 300_000, hookTimeout: 600_000 })

const folder = mkdtempSync(join(tmpdir(), 'selvedge-image-'))
const sources = join(folder, 'sources')
const run = join(folder, 'run')

interface Sbom {
  readonly comment?: string
  readonly packages: readonly {
    readonly name: string
    readonly comment?: string
    readonly checksums?: readonly unknown[]
    readonly externalRefs?: readonly { readonly referenceLocator: string }[]
  }[]
  readonly relationships: readonly unknown[]
}

let built: Built
let root: string
let config: ImageConfig

beforeAll(async () => {
  copySources(PROJECT_ROOT, sources)
  mkdirSync(run)
  cpSync(TWO_NODES, join(run, 'manifests'), { recursive: true })
  built = await build(sources, 'amd64')
  if (built.kind === 'built') ({ root, config } = await unpackImage(built.bytes, join(folder, 'amd64')))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function metricsOf({ exec }: Lab): Promise<string> {
  const read = "fetch('http://127.0.0.1:9753/metrics').then(async (found) => process.stdout.write(await found.text()))"
  return (await exec('node-1', [process.execPath, '-e', read])).stdout
}

function mustBeBuilt(context: TestContext, what: Built = built): Extract<Built, { kind: 'built' }> {
  if (what.kind === 'built') return what
  needsParts(context, what.reason)
  return context.skip(what.reason)
}

/** Paths of files and links below a folder, sorted. */
async function filesBelow(top: string): Promise<string[]> {
  const { stdout } = await execa('find', [top, '!', '-type', 'd', '-printf', '%P\\n'])
  return stdout.split('\n').toSorted()
}

test('the image holds programs, their libraries, licences, and no more', async (context) => {
  mustBeBuilt(context)
  const files = await filesBelow(root)
  const texts =
    /^(usr\/share\/doc\/[a-z0-9+.-]+\/(copyright|LICENSE)|usr\/share\/common-licenses\/[A-Z][A-Za-z0-9.-]+|var\/lib\/dpkg\/status\.d\/[a-z0-9+.-]+)$/
  // What main.js loads when it is needed; named by what is in it.
  const modules = /^usr\/lib\/selvedge\/dist\/cli\/[a-z0-9-]+-[A-Z0-9]{8}\.js$/
  const libraries = /^usr\/lib\/x86_64-linux-gnu\/lib[a-z0-9_+]+\.so\.\d+$/
  expect(files.filter((file) => ![texts, libraries, modules].some((known) => known.test(file)))).toEqual(
    FILES.trim().split(/\s+/),
  )
  expect(files.filter((file) => libraries.test(file)).length).toBeLessThan(25)
  for (const file of files) expect(lstatSync(join(root, file)).mode & 0o6000, file).toBe(0)
  expect(config).toMatchObject({ architecture: 'amd64', config: { Entrypoint: ['/usr/bin/selvedge'] } })
  expect(config.config.Labels).toMatchObject({ 'org.opencontainers.image.revision': 'test' })
})

test('every package of the bundle has its licence in the image', async (context) => {
  mustBeBuilt(context)
  const thirdParty = readFileSync(join(root, 'usr/lib/selvedge/THIRD-PARTY'), 'utf8')
  for (const name of ['@kubernetes/client-node', '@noble/hashes', 'commander', 'execa', 'pino', 'undici', 'yaml']) {
    expect(thirdParty).toMatch(new RegExp(`^${name} \\d`, 'm'))
  }
  const files = await filesBelow(root)
  for (const name of Object.keys(readPins().packages)) {
    expect(files).toContain(`usr/share/doc/${name}/copyright`)
  }
})

test('where a pinned version is gone the image is built from the newest, and its labels and its SBOM say so', async (context) => {
  mustBeBuilt(context)
  const { snapshot, packages } = readPins()
  const gone = { version: '0.0.1-never', sha256: '0'.repeat(64) }
  const pins = { snapshot, packages: { ...packages, netbase: { amd64: gone, arm64: gone } } }
  const image = mustBeBuilt(context, await build(sources, 'amd64', pins))
  const said = [expect.stringMatching(/^netbase=[1-9]\S* instead of 0\.0\.1-never$/)]
  expect(image.notPinned).toEqual(said)
  const { config: labelled } = await unpackImage(image.bytes, join(folder, 'not-pinned'))
  const label = 'selvedge.not-the-pinned-bytes'
  expect([labelled.config.Labels[label]]).toEqual(said)
  expect(config.config.Labels).not.toHaveProperty(label)
  const described = JSON.parse(image.sbom) as Sbom
  expect(described.comment).toBe(`not the pinned bytes: ${image.notPinned[0]}`)
  const commented = described.packages.filter(({ comment }) => comment !== undefined)
  expect(commented.map(({ name, comment }) => ({ name, comment }))).toEqual([
    { name: 'netbase', comment: 'not the pinned bytes: 0.0.1-never was pinned' },
  ])
})

test('the SBOM names every package that is in the image, each with its digest where it was fetched', async (context) => {
  const image = mustBeBuilt(context)
  const described = JSON.parse(image.sbom) as Sbom
  const purls = described.packages.flatMap(({ externalRefs = [] }) => externalRefs.map((one) => one.referenceLocator))
  const debian = Object.entries(readPins().packages).map(([name, { amd64 }]) => ({ name, ...amd64 }))
  for (const { name, sha256 } of debian) {
    const found = described.packages.find((one) => one.name === name)
    expect(found?.checksums, name).toEqual([{ algorithm: 'SHA256', checksumValue: sha256 }])
  }
  const thirdParty = readFileSync(join(root, 'usr/lib/selvedge/THIRD-PARTY'), 'utf8')
  const bundled = [...thirdParty.matchAll(/^={80}\n(\S+) (\S+): .*\n={80}$/gm)]
  expect(bundled.length).toBeGreaterThan(5)
  for (const [, name = '', version = ''] of bundled) {
    expect(purls).toContain(`pkg:npm/${name.replace('@', '%40')}@${version}`)
  }
  // These, Node, and the image itself.
  expect(described.packages).toHaveLength(debian.length + bundled.length + 2)
  expect(described.relationships).toHaveLength(described.packages.length)
})

test('the same sources give the same image, wherever they lie', async (context) => {
  const first = mustBeBuilt(context)
  copySources(sources, join(folder, 'elsewhere', 'sources'))
  const second = mustBeBuilt(context, await build(join(folder, 'elsewhere', 'sources'), 'amd64'))
  expect(second.digest).toBe(first.digest)
  expect(second.bytes.equals(first.bytes)).toBe(true)
})

test('for arm64 it is the same image, of programs for arm64', async (context) => {
  mustBeBuilt(context)
  const image = mustBeBuilt(context, await build(sources, 'arm64'))
  const arm = await unpackImage(image.bytes, join(folder, 'arm64'))
  expect(arm.config.architecture).toBe('arm64')
  const name = (file: string) => file.replace('x86_64-linux-gnu', 'aarch64-linux-gnu')
  // The loader has another name and another folder there.
  const alike = (file: string) => !/ld-linux|^lib64$/.test(file)
  const files = await filesBelow(arm.root)
  expect(files.filter(alike)).toEqual((await filesBelow(root)).filter(alike).map(name).toSorted())
  const programs = files.filter((file) => lstatSync(join(arm.root, file)).isFile())
  const machines = programs.map((file) => readElf(readFileSync(join(arm.root, file)))?.machine)
  expect(new Set(machines)).toEqual(new Set([undefined, 183]))
})

describeLab('the image, run from its own read-only root on a node', () => {
  let lab: Lab

  beforeAll(async () => {
    const pods = [
      { name: 'forum/web-1', node: 'node-1', addresses: ['10.244.1.10'] },
      { name: 'other/client', node: 'node-1', addresses: ['10.244.1.99'] },
    ]
    lab = await createLab({ arrangement: 'bridged', nodes: [{ name: 'node-1' }], pods })
  })
  afterAll(() => lab.close())

  const image = (...argv: readonly string[]) => lab.exec('node-1', inImage(root, run, argv))
  const selvedge = (...argv: readonly string[]) => image('/usr/bin/selvedge', ...argv)

  test('its commands run', async (context) => {
    mustBeBuilt(context)
    const { version } = JSON.parse(readFileSync(join(PROJECT_ROOT, 'package.json'), 'utf8')) as { version: string }
    expect(await selvedge('--version')).toMatchObject({ exitCode: 0, stdout: `${version}\n`, stderr: '' })
    const main = join(PROJECT_ROOT, 'src', 'cli', 'main.ts')
    const here = await execa(process.execPath, [main, 'compile', '-f', TWO_NODES], { stripFinalNewline: false })
    const compiled = await selvedge('compile', '-f', '/run/manifests')
    expect(compiled).toMatchObject({ exitCode: 0, stdout: here.stdout, stderr: '' })
    const doctor = await selvedge('doctor', '-o', 'json')
    expect(doctor).toMatchObject({ exitCode: 0, stderr: '' })
    const findings = JSON.parse(doctor.stdout) as readonly { readonly severity: string }[]
    expect(findings.filter(({ severity }) => severity === 'blocks')).toEqual([])
    expect(await image('/usr/sbin/conntrack', '-L')).toMatchObject({ exitCode: 0 })
  })

  test('there is no shell, and nothing can be written', async (context) => {
    mustBeBuilt(context)
    expect(await image('/bin/sh', '-c', 'true')).toMatchObject({ exitCode: 127 })
    const write = `require('node:fs').writeFileSync('/usr/lib/selvedge/new', '')`
    expect((await image('/usr/bin/node', '--eval', write)).stderr).toContain('EROFS')
  })

  test('its nft reads what it wrote itself, and what the nft of this machine wrote', async (context) => {
    mustBeBuilt(context)
    // Sets that an nft before 1.1.4 can crash on, when a newer one made them.
    const foreign = (name: string) => `table inet ${name} {
      set interfaces { type ifname; flags interval; elements = { "eth0", "cali*" }; }
      set counted { type ipv4_addr; counter; elements = { 10.0.0.1 }; }
      chain c { ip saddr @counted counter; }
    }`
    await lab.loadRuleset('node-1', foreign('of-machine'))
    const load = await image('/usr/sbin/nft', foreign('of-image'))
    expect(load).toMatchObject({ exitCode: 0 })
    const { exitCode, stdout } = await image('/usr/sbin/nft', 'list', 'ruleset')
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringMatching(/of-machine[^]*of-image/) })
    await image('/usr/sbin/nft', 'delete table inet of-machine; delete table inet of-image')
  })

  test('its agent enforces, says so, and leaves the table as it ends', async (context) => {
    mustBeBuilt(context)
    const flags = ['--node', 'node-1', '-f', '/run/manifests', '--socket', '/run/agent.sock']
    const [file = '', ...rest] = lab.command('node-1', inImage(root, run, ['/usr/bin/selvedge', 'agent', ...flags]))
    const agent = execa(file, rest, { reject: false, all: true })
    try {
      await waitUntil(async () => {
        const { exitCode, stdout } = await selvedge('status', '--socket', '/run/agent.sock', '-o', 'json')
        return exitCode === 0 && (JSON.parse(stdout) as { readonly ready: boolean }).ready
      }, 'the agent is ready')
      // A node has an nft of its own, and so has kube-proxy: neither may stumble over what ours wrote.
      expect(await lab.exec('node-1', ['nft', 'list', 'ruleset'])).toMatchObject({ exitCode: 0 })
      const server = await lab.serve('forum/web-1', { tcp: [8080, 9999] })
      const connect = (port: number) => lab.connect('other/client', '10.244.1.10', port, 'TCP')
      expect(await connect(8080)).toMatchObject({ outcome: 'answered' })
      expect(await connect(9999)).toMatchObject({ outcome: 'silent' })
      await server.close()
      // A change goes by its nft that stays: what that says to a question is not what other versions say.
      const open = {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { namespace: 'forum', name: 'open' },
        spec: { podSelector: {}, ingress: [{}] },
      }
      writeFileSync(join(run, 'manifests', 'open.json'), JSON.stringify(open))
      await waitUntil(
        async () => (await metricsOf(lab)).includes('nft_runs_total{result="ok",way="standing"}'),
        'a change',
      )
    } finally {
      agent.nodeChildProcess.kill('SIGTERM')
    }
    expect(await agent).toMatchObject({ exitCode: 0 })
    const { stdout } = await image('/usr/sbin/nft', 'list', 'tables')
    expect(stdout).toContain('table inet selvedge')
    expect(await selvedge('uninstall')).toMatchObject({ exitCode: 0 })
  })
})
