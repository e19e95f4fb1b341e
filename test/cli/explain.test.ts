import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { documents, namespace, pod, policy } from '../explain/manifests.ts'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { refused, selvedge } from './run-selvedge.ts'

const SHOP = ['-f', 'examples/shop', '-n', 'production']
const GOLDEN = join(PROJECT_ROOT, 'test', 'cli', 'golden')

/** Holds a text against its golden file; UPDATE_GOLDEN=1 writes it anew. */
function expectGolden(name: string, text: string): void {
  const file = join(GOLDEN, name)
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text)
  expect(text).toBe(readFileSync(file, 'utf8'))
}

describe('golden texts for the shop, in a pipe: 80 columns, no colour', () => {
  test.each([
    ['explain-denied.txt', 1, ['explain', 'frontend', 'database', '5432', ...SHOP]],
    ['explain-service.txt', 0, ['explain', 'backend', 'svc/database', '5432', ...SHOP]],
    ['diff.txt', 1, ['diff', 'examples/shop/frontend.yaml', 'examples/shop']],
    ['lint.txt', 1, ['lint', '-f', 'examples/shop']],
  ] as const)('%s', async (name, exitCode, args) => {
    const run = await selvedge(args)
    expectGolden(name, run.stdout)
    expect({ exitCode: run.exitCode, stderr: run.stderr }).toEqual({ exitCode, stderr: '' })
    expect(run.stdout).not.toContain('\u001b')
    const wide = run.stdout.split('\n').filter((line) => line.length > 80)
    // A finding is one line, as compilers do.
    if (name !== 'lint.txt') expect(wide).toEqual([])
  })
})

test.each([
  ['frontend', 'backend', '8080', 0],
  ['frontend', 'backend', '80', 1],
  ['frontend', 'svc/backend', '80', 0],
  ['frontend', 'backend.production.svc.cluster.local', '80', 0],
  ['backend', 'database', 'postgresql', 0],
  ['database', 'backend', '8080/TCP', 0],
  ['backend', '203.0.113.9', '443', 0],
  ['backend', '10.9.9.9', '443', 1],
  ['203.0.113.9', 'frontend', 'icmp', 0],
])('explain %s %s %s exits %i', async (from, to, port, exitCode) => {
  const run = await selvedge(['explain', from, to, port, '-o', 'json', ...SHOP])
  expect(run).toMatchObject({ exitCode, stderr: '' })
  expect(JSON.parse(run.stdout)).toMatchObject({ allowed: exitCode === 0 })
})

test.each([
  ['120', 120],
  ['50', 50],
  ['', 80],
  ['0', 80],
  ['wide', 80],
])('in a pipe with COLUMNS=%j lines are up to %i long', async (columns, width) => {
  const { stdout } = await selvedge(['explain', 'frontend', 'database', '5432', ...SHOP], { columns })
  const longest = Math.max(...stdout.split('\n').map((line) => line.length))
  expect(longest).toBeLessThanOrEqual(width)
  // The longest word there, one of a place, would not have fit.
  expect(longest).toBeGreaterThan(width - 34)
})

test.each([
  [
    'an unknown pod',
    ['frontned', 'backend', '80'],
    'there is no pod or workload "production/frontned"; did you mean production/frontend?',
  ],
  ['an unknown port', ['frontend', 'backend', 'htpp'], 'production/backend has no port "htpp"; it has http (8080/TCP)'],
  ['a port that is none', ['frontend', 'backend', '70000'], 'port "70000" is not between 1 and 65535'],
])('%s: exit 2, a reason, nothing on standard output', async (_, words, line) => {
  expect(await selvedge(['explain', ...words, ...SHOP])).toEqual(refused(line))
})

describe('a pod that is not in the input, by its labels', () => {
  const input = documents(
    pod('shop/db', '10.244.1.7'),
    policy(
      'shop/p',
      '{podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{from: [{namespaceSelector: {matchLabels: {team: ops}}, podSelector: {matchLabels: {app: prometheus}}}]}], egress: [{to: [{podSelector: {matchLabels: {app: new}}}]}]}',
    ),
  )
  const OPS = ['--from-namespace', 'monitoring', '--from-namespace-labels', 'team=ops']
  test.each([
    ['granted', 0, ['--from-labels', 'app=prometheus', ...OPS, 'shop/db', '9187']],
    ['with more labels', 0, ['--from-labels', 'app=prometheus,tier=a', ...OPS, 'shop/db', '9187']],
    ['of another name', 1, ['--from-labels', 'app=grafana', ...OPS, 'shop/db', '9187']],
    ['without any label', 1, ['--from-labels', '', ...OPS, 'shop/db', '9187']],
    [
      'in a namespace without labels',
      1,
      ['--from-labels', 'app=prometheus', '--from-namespace', 'x', 'shop/db', '9187'],
    ],
    ['as a target, denied by its own policy', 1, ['db', '--to-labels', 'app=new', '80', '-n', 'shop']],
    ['as a target elsewhere', 1, ['shop/db', '--to-labels', 'app=new', '80']],
    ['at both ends', 0, ['--from-labels', 'a=b', '--to-labels', 'a=b', '80']],
  ] as const)('%s: exit %i', async (_, exitCode, args) => {
    const run = await selvedge(['explain', ...args, '-f', '-'], { input })
    expect(run).toMatchObject({ exitCode, stderr: '' })
    expect(run.stdout).toMatch(/^(allowed|denied): .*\[/)
  })

  test('of a namespace that the input lacks it is said that nobody knows its labels, and what is near', async () => {
    const known = documents(input, namespace('monitoring'))
    const asked = async (...args: readonly string[]): Promise<readonly string[]> => {
      const run = await selvedge(['explain', ...args, '-o', 'json', '-f', '-'], { input: known })
      return (JSON.parse(run.stdout) as { readonly notes?: readonly string[] }).notes ?? []
    }
    const LABELS = 'it is taken to have no label but kubernetes.io/metadata.name: give others with'
    expect(await asked('--from-labels', 'a=b', '--from-namespace', 'monitorng', 'shop/db', '80')).toEqual([
      `the input has no namespace monitorng (did you mean monitoring?); ${LABELS} --from-namespace-labels`,
    ])
    expect(await asked('shop/db', '--to-labels', 'a=b', '--to-namespace', 'elsewhere', '80')).toEqual([
      `the input has no namespace elsewhere; ${LABELS} --to-namespace-labels`,
    ])
    // Declared; with pods alone; with labels that were given.
    for (const told of [['monitoring'], ['shop'], ['new', '--from-namespace-labels', 'team=ops']])
      expect(await asked('--from-labels', 'a=b', 'shop/db', '80', '--from-namespace', ...told)).toEqual([])
  })

  test.each([
    ['FROM as well', ['--from-labels', 'a=b', 'shop/db', 'shop/db', '80']],
    ['no TO', ['--from-labels', 'a=b', '80']],
    ['a namespace without a pod', ['--from-namespace', 'ops', 'shop/db', 'shop/db', '80']],
    ['no label', ['--from-labels', 'a', 'shop/db', '80']],
    ['a label that none can have', ['--from-labels', 'a=-', 'shop/db', '80']],
    ['labels of a namespace that has its own', ['--from-labels', 'a=b', ...OPS, 'shop/db', '80']],
  ] as const)('refused: %s', async (_, args) => {
    const known = documents(input, namespace('monitoring'))
    const run = await selvedge(['explain', ...args, '-f', '-'], { input: known })
    expect(run).toMatchObject({ exitCode: 2, stdout: '' })
    expect(run.stderr).not.toBe('')
  })
})

test('JSON has the notes of the answer beside those of the input', async () => {
  const input = documents(
    pod('shop/db', '10.244.1.7'),
    'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: p}\n',
  )
  const run = await selvedge(['explain', 'shop/db', '--to-labels', 'a=b', '80', '-o', 'json', '-f', '-'], { input })
  expect((JSON.parse(run.stdout) as { readonly notes: readonly string[] }).notes).toEqual([
    expect.stringContaining('the input has no namespace default'),
    expect.stringContaining('CiliumNetworkPolicy'),
  ])
})

test('wrong manifests: exit 2 with a place', async () => {
  const cwd = temporaryFolder({ 'a.yaml': 'kind: Pod\n' })
  const line = "a.yaml:1:1: apiVersion: Required value: Object 'apiVersion' is missing"
  for (const args of [['explain', 'a', 'b', '80'], ['graph'], ['lint']]) {
    expect(await selvedge([...args, '-f', 'a.yaml'], { cwd })).toEqual(refused(`${line}; write "apiVersion: v1"`))
  }
  expect(await selvedge(['diff', 'a.yaml', 'a.yaml'], { cwd })).toEqual(refused(`${line}; write "apiVersion: v1"`))
})

test('a bare Pod of a manifest can be asked about, and compile leaves it without an address', async () => {
  const [web, api] = [pod('shop/web', ''), pod('shop/api', '')]
  const input = documents(web, api)
  const run = await selvedge(['explain', 'web', 'api', '80', '-n', 'shop', '-o', 'json', '-f', '-'], { input })
  expect(run).toMatchObject({ exitCode: 0, stderr: '' })
  const compiled = await selvedge(['compile', '-o', 'json', '-f', '-'], { input })
  expect(JSON.parse(compiled.stdout)).toMatchObject({ pods: [{ addresses: [] }, { addresses: [] }] })
})

test('without manifests and without a cluster: exit 3', async () => {
  const cwd = temporaryFolder()
  const run = await selvedge(['explain', 'a', 'b', '80', '--kubeconfig', join(cwd, 'none')])
  expect(run).toMatchObject({ exitCode: 3, stdout: '' })
  expect(run.stderr).toContain('or give manifests with -f')
})
