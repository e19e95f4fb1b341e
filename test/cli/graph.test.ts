import { expect, test } from 'vitest'
import { documents, policy, workload } from '../explain/manifests.ts'
import { printed, refused, selvedge, SHOP } from './run-selvedge.ts'

test.each([
  ['dot', /^digraph selvedge \{\n[^]*\n\}\n$/, '"production/frontend" -> "production/backend" [label="TCP 8080"]'],
  ['mermaid', /^flowchart LR\n/, '-->|"TCP 5432"|'],
  ['json', /^\{\n {2}"by": "workload"/, '"to": "production/database"'],
] as const)('graph -o %s is whole, and says who can reach whom', async (format, whole, part) => {
  const text = await printed(['graph', '-o', format, '-f', SHOP])
  expect(text).toMatch(whole)
  expect(text).toContain(part)
})

test('--by namespace is an overview: one node for each, and what some pod of the one may with some pod of the other', async () => {
  const idle = ['a', 'b'].map((name) => workload(`idle/${name}`))
  const args = ['graph', '-o', 'json', '--by', 'namespace', '-f', SHOP, '-']
  const { nodes, edges } = JSON.parse(await printed(args, { input: documents(...idle) })) as {
    nodes: readonly { readonly id: string; readonly kind: string }[]
    edges: readonly { readonly from: string; readonly to: string; readonly protocol: string; readonly ports: string }[]
  }
  expect(nodes.filter(({ kind }) => kind !== 'block').map(({ id, kind }) => `${kind} ${id}`)).toEqual([
    'namespace idle/*',
    'namespace production/*',
    'possible the whole cluster',
  ])
  const between = (from: string, to: string) =>
    edges.filter((edge) => edge.from === from && edge.to === to).map(({ protocol, ports }) => `${protocol} ${ports}`)
  expect(between('idle/*', 'idle/*')).toEqual(['* *'])
  expect(between('idle/*', 'production/*')).toEqual(['* *'])
})

test.each([
  ['dot', '"ops/agent" [label="agent\\nDaemonSet, network of its node", shape=hexagon'],
  ['mermaid', 'n0{{"agent<br>DaemonSet, network of its node<br>host network"}}'],
  ['json', '"hostNetwork": true,\n      "nodes": []'],
  ['svg', 'on the network of its node: no policy governs it'],
  ['html', '"state":"host network"'],
] as const)('graph -o %s shows who is on the network of its node as what it is', async (format, part) => {
  const input = documents(
    workload('ops/agent', { kind: 'DaemonSet', hostNetwork: true }),
    workload('shop/web'),
    policy('shop/web', '{podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{ports: [{port: 80}]}]}'),
  )
  expect(await printed(['graph', '-o', format, '-f', '-'], { input })).toContain(part)
})

test('where everything passes, text and Markdown do not say that nothing does', async () => {
  const input = documents(workload('shop/db'), workload('shop/web'))
  const graph = (format: string, given: string, ...args: readonly string[]) =>
    printed(['graph', '-o', format, ...args, '-f', '-'], { input: given })
  const open = 'Open both ways, no policy isolates them: shop/db, shop/web'
  expect(await graph('text', input)).toBe(`No connection in which a policy has a say.\n\n${open}.\n`)
  expect(await graph('md', input)).toBe(`No connection in which a policy has a say.\n\n${open}.\n`)
  expect(await graph('text', input, '--denied')).toBe(`Nothing.\n\n${open}.\n`)
  const closed = documents(workload('shop/db'), policy('shop/all', '{podSelector: {}, policyTypes: [Ingress, Egress]}'))
  expect(await graph('text', closed)).toBe('Nothing.\n')
  expect(await graph('md', closed)).toBe('Nothing.\n')
})

test.each(['db', 'shop/db', 'deploy/db', 'deployments/db', 'shop/deployment/db'])(
  '--focus names a workload as explain does: %s',
  async (word) => {
    const input = documents(workload('shop/db'), workload('shop/web'), workload('shop/cache'))
    const args = ['-o', 'json', '-n', 'shop', '-f', '-']
    const { edges } = JSON.parse(await printed(['graph', '--focus', word, ...args], { input })) as {
      readonly edges: readonly { readonly from: string; readonly to: string }[]
    }
    expect(edges.length).toBeGreaterThan(1)
    expect(edges.filter(({ from, to }) => ![from, to].includes('shop/db'))).toEqual([])
  },
)

test('of a narrow answer, whom no policy isolates is told of those in it alone', async () => {
  const input = documents(
    workload('shop/db'),
    workload('shop/web'),
    workload('ops/lone'),
    workload('ops/agent', { kind: 'DaemonSet', hostNetwork: true }),
    policy('shop/db', '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {}}]}]}'),
  )
  const endOf = async (format: string, ...args: readonly string[]) => {
    const text = await printed(['graph', '-o', format, ...args, '-f', '-'], { input })
    return text.split('\n').filter((line) => /^(Open|Free|On the network|Not in)/.test(line))
  }
  const open = 'Open both ways, no policy isolates them'
  const host = 'On the network of their nodes, where no policy governs them: ops/agent.'
  const reachAll = 'Free to reach all: shop/db.'
  expect(await endOf('text')).toEqual([`${open}: ops/lone, shop/web.`, reachAll, host])
  expect(await endOf('text', '-n', 'ops')).toEqual([`${open}: ops/lone.`, host])
  expect(await endOf('md', '--focus', 'ops/lone')).toEqual([`${open}: ops/lone.`])
  // Web is in a line of the database.
  expect(await endOf('text', '--focus', 'shop/db')).toEqual([`${open}: shop/web.`, reachAll])
})

test('an unknown format is refused', async () => {
  const run = await selvedge(['graph', '-o', 'png', '-f', SHOP])
  expect(run).toMatchObject({ exitCode: 2, stdout: '' })
  expect(run.stderr).toContain("argument 'png' is invalid")
  expect(await selvedge(['graph', '-f', 'no-such-file'])).toEqual(
    refused('no-such-file: cannot be read: no such file or directory'),
  )
})
