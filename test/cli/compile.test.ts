import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, test } from 'vitest'
import { parseAllDocuments, stringify } from 'yaml'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import { contentGeneration, rulesetText } from '../../compiler/nftables/ruleset-text.ts'
import { readInput } from '../../src/cli/read-input.ts'
import { documents, pod } from '../explain/manifests.ts'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { printed, selvedge, SHOP, TWO_NODES } from './run-selvedge.ts'

const GOLDEN = join(PROJECT_ROOT, 'test', 'golden', 'shop.nft')
const golden = () => readFileSync(GOLDEN, 'utf8')

/** The files of examples/shop, by name. */
const shopFiles = Object.fromEntries(
  readdirSync(SHOP)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => [name, readFileSync(join(SHOP, name), 'utf8')] as const),
)
const shopDocuments = Object.values(shopFiles).flatMap((text) => text.split(/^---\n/m))
const shopObjects = Object.values(shopFiles).flatMap((text) =>
  parseAllDocuments(text).map((document) => document.toJS() as unknown),
)
const LIST = { apiVersion: 'v1', kind: 'List', items: shopObjects }

/** A policy with its defaults left out, and its selectors as expressions with a value too many. */
function respell(policy: string): string {
  return policy
    .replaceAll(
      /^( *)matchLabels:\n +(\w+): (\w+)$/gm,
      '$1matchExpressions:\n$1- {key: $2, operator: In, values: [$3, $3]}',
    )
    .replaceAll('- protocol: TCP\n', '-\n')
    .replaceAll(/ {2}policyTypes:\n {4}- Ingress\n/g, '')
}

test('examples/shop gives the golden ruleset, byte for byte', async () => {
  const text = await printed(['compile', '-f', SHOP])
  // UPDATE_GOLDEN=1 npx vitest run test/cli/compile.test.ts
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(GOLDEN, text)
  expect(text).toBe(golden())
})

test('every example gives the text that the engine makes of its objects, which test/kernel/loading.test.ts loads', async () => {
  const folders = readdirSync(join(PROJECT_ROOT, 'examples'), { withFileTypes: true }).filter((one) =>
    one.isDirectory(),
  )
  expect(folders.length).toBeGreaterThan(5)
  for (const { name, parentPath } of folders) {
    const filename = [join(parentPath, name)]
    const input = readInput({ filename, namespace: 'default', podCidr: '10.244.0.0/16' })
    const engine = createEngine({ isLocal: () => true, ruleset: DEFAULT_OPTIONS })
    engine.apply((input?.objects ?? []).map((object) => ({ type: 'put', object })))
    const ruleset = engine.ruleset()
    const text = rulesetText(ruleset, DEFAULT_OPTIONS, contentGeneration(ruleset, DEFAULT_OPTIONS))
    expect([name, await printed(['compile', '-f', ...filename])]).toEqual([name, text])
  }
})

test('the shop does so through the launcher, with a relative path, from another directory', async () => {
  const launcher = join(PROJECT_ROOT, 'bin', 'selvedge.js')
  const folder = join(PROJECT_ROOT, 'examples')
  const run = await execa(process.execPath, [launcher, 'compile', '-f', 'shop'], {
    cwd: folder,
    stripFinalNewline: false,
  })
  expect(run).toMatchObject({ exitCode: 0, stderr: '', stdout: golden() })
})

describe('the same objects give the same bytes', () => {
  test('a second time, and with the files named one by one in any order', async () => {
    const files = Object.keys(shopFiles).map((name) => join(SHOP, name))
    const orders = [files, files.toReversed(), [...files.slice(2), ...files.slice(0, 2)]]
    for (const order of orders) expect(await printed(['compile', '-f', ...order])).toBe(golden())
    expect(await printed(['compile', ...files.flatMap((file) => ['-f', file])])).toBe(golden())
  })

  test('on standard input, the documents in any order', async () => {
    for (const documents of [shopDocuments, shopDocuments.toReversed()]) {
      expect(await printed(['compile', '-f', '-'], { input: documents.join('\n---\n') })).toBe(golden())
    }
  })

  test('in a directory with subfolders, among files that are none of its business', async () => {
    const folder = temporaryFolder({
      ...Object.fromEntries(
        Object.entries(shopFiles).map(([name, text], index) => [`${'deep/'.repeat(index)}${name}`, text]),
      ),
      'README.md': 'kind: [',
      '.hidden.yaml': 'kind: [',
      '.git/config.yaml': 'kind: [',
      'policies.yaml~': 'kind: [',
      '#policies.yaml': 'kind: [',
      'notes.txt': 'kind: [',
    })
    expect(await printed(['compile', '-f', folder])).toBe(golden())
  })

  test('in directory and standard input at once', async () => {
    const { 'policies.yaml': policies = '', ...others } = shopFiles
    expect(await printed(['compile', '-f', temporaryFolder(others), '-f', '-'], { input: policies })).toBe(golden())
  })

  test('as a List in JSON, and in YAML, and as lists in a list', async () => {
    const nested = { apiVersion: 'v1', kind: 'List', items: [LIST, { apiVersion: 'v1', kind: 'PodList', items: [] }] }
    for (const text of [JSON.stringify(LIST), stringify(LIST), JSON.stringify(nested, undefined, 2)]) {
      expect(await printed(['compile', '-f', '-'], { input: text })).toBe(golden())
    }
  })

  test('of the allow-graph as JSON as well', async () => {
    const json = await printed(['compile', '-o', 'json', '-f', SHOP])
    const files = Object.keys(shopFiles).map((name) => join(SHOP, name))
    expect(await printed(['compile', '-o', 'json', '-f', ...files.toReversed()])).toBe(json)
    expect(json).toBe(`${JSON.stringify(JSON.parse(json), undefined, 2)}\n`)
  })

  test('written in another way with the same meaning', async () => {
    const respelt = shopDocuments
      .toReversed()
      .map((document) => (document.includes('kind: NetworkPolicy') ? respell(document) : document))
      .join('\n---\n')
    expect(respelt.match(/matchExpressions/g)).toHaveLength(8)
    expect(respelt).not.toMatch(/^ *- protocol: TCP|Ingress$/m)
    expect(await printed(['compile', '-f', '-'], { input: respelt })).toBe(golden())
  })
})

describe('--node', () => {
  const elements = (text: string, set: string) =>
    new RegExp(`set ${set} \\{[^}]*?elements = \\{ ([^}]*) \\}`).exec(text)?.[1]?.split(', ') ?? []

  test('isolates the pods of the node only, and knows the peers on all', async () => {
    const text = await printed(['compile', '-f', TWO_NODES, '--node', 'node-1'])
    expect(elements(text, 'iso4')).toEqual(['10.244.1.10', '10.244.1.20'])
    const peers = [...text.matchAll(/set p4-\w+/g)].flatMap(([set]) => elements(text, set.slice('set '.length)))
    expect(new Set(peers)).toEqual(new Set(['10.244.1.10', '10.244.1.20', '10.244.2.10', '10.244.2.20', '10.244.2.30']))
  })

  test('the nodes together isolate what one node for all does', async () => {
    const texts = await Promise.all([
      printed(['compile', '-f', TWO_NODES, '--node', 'node-1']),
      printed(['compile', '-f', TWO_NODES, '--node', 'node-2']),
      printed(['compile', '-f', TWO_NODES]),
    ])
    const [one = [], two = [], both = []] = texts.map((text) => elements(text, 'iso4'))
    expect([...one, ...two].sort()).toEqual(both)
    expect([one.length, two.length]).toEqual([2, 3])
  })

  test('a node without pods, and workloads without a node, isolate nobody', async () => {
    const empty = await printed(['compile', '-f', '-'])
    for (const [input, name, stderr] of [
      [TWO_NODES, 'node-9', 'no pod is on node "node-9"; there are node-1, node-2\n'],
      [TWO_NODES, 'nod-1', 'no pod is on node "nod-1"; there are node-1, node-2: did you mean node-1?\n'],
      [SHOP, 'node-1', 'no pod is on node "node-1"; no pod of the input says on which node it is\n'],
    ] as const) {
      expect(await selvedge(['compile', '-f', input, '--node', name])).toEqual({ exitCode: 0, stdout: empty, stderr })
    }
    expect(elements(empty, 'iso4')).toEqual([])
  })

  test('of many nodes a few are named', async () => {
    const pods = Array.from({ length: 7 }, (_, index) =>
      pod(`shop/web-${index}`, `10.244.0.${index + 2}`, { spec: { nodeName: `node-${index}` } }),
    )
    const { stderr } = await selvedge(['compile', '-f', '-', '--node', 'node6'], { input: documents(...pods) })
    expect(stderr).toBe(
      'no pod is on node "node6"; there are node-0, node-1, node-2, node-3, node-4 and 2 more: did you mean node-6?\n',
    )
  })

  test('-o json speaks of the pods of the node', async () => {
    const { pods } = JSON.parse(await printed(['compile', '-f', TWO_NODES, '--node', 'node-1', '-o', 'json'])) as {
      pods: readonly { name: string; node: string }[]
    }
    expect(pods.map(({ name, node }) => `${name} on ${node}`)).toEqual([
      'cache on node-1',
      'web-1 on node-1',
      'prometheus on node-1',
    ])
  })
})

test('-n is the namespace of what says none', async () => {
  const bare = shopDocuments.join('\n---\n').replaceAll(/^ {2}namespace: production\n/gm, '')
  expect(await printed(['compile', '-n', 'production', '-f', '-'], { input: bare })).toBe(golden())
  const { stdout } = await selvedge(['compile', '-f', '-', '-o', 'json'], { input: bare })
  expect(stdout).toContain('"namespace": "default"')
})

test('--pod-cidr gives workloads their addresses, of either family', async () => {
  const address = async (range: string) =>
    /iso[46] \{[^}]*elements = \{ (\S+),/.exec(await printed(['compile', '-f', SHOP, '--pod-cidr', range]))?.[1]
  expect(await address('192.168.77.0/24')).toMatch(/^192\.168\.77\.\d+$/)
  expect(await address('fd00:1::/64')).toMatch(/^fd00:1:/)
})

test('unknown kinds are told, one line a kind, and do no harm', async () => {
  const foreign = ['apiVersion: apps/v1\nkind: ControllerRevision', 'apiVersion: example.com/v1\nkind: Widget']
  const input = [...shopDocuments, ...foreign, foreign[1]].join('\n---\n')
  const run = await selvedge(['compile', '-f', '-'], { input })
  expect(run).toMatchObject({ exitCode: 0, stdout: golden() })
  expect(run.stderr.split('\n').map((line) => line.replace(/^-:\d+:\d+: /, ''))).toEqual([
    'note: one object of kind "ControllerRevision" ("apps/v1") skipped',
    'note: 2 objects of kind "Widget" ("example.com/v1") skipped',
    '',
  ])
})

test('help and version are answers, not errors', async () => {
  const { version } = JSON.parse(readFileSync(join(PROJECT_ROOT, 'package.json'), 'utf8')) as { version: string }
  expect(await selvedge(['--version'])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' })
  const help = await selvedge(['compile', '--help'])
  expect(help).toMatchObject({ exitCode: 0, stderr: '' })
  for (const flag of ['-f', '-n', '--pod-cidr', '--node', '-o', '--deny', '--established', '--mark-mask']) {
    expect(help.stdout).toContain(`  ${flag}`)
  }
})
