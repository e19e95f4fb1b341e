import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { documents, namespace, node, policy, service, workload } from '../explain/manifests.ts'
import { type Schema, schemaProblems } from '../support/json-schema.ts'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { printed, refused, selvedge, SHOP } from './run-selvedge.ts'

const golden = (name: string) => readFileSync(join(import.meta.dirname, 'golden', name), 'utf8')
const problemsOf = (schema: string, value: unknown) =>
  schemaProblems(JSON.parse(readFileSync(join(PROJECT_ROOT, 'docs', `${schema}.schema.json`), 'utf8')) as Schema, value)

test.each([
  ['graph.txt', ['graph', '-o', 'text']],
  ['graph.md', ['graph', '-o', 'md']],
  ['graph-denied.txt', ['graph', '-o', 'text', '--denied', '--focus', 'database', '-n', 'production']],
  ['policies.txt', ['policies', 'production/backend']],
])('%s: one screen for the shop', async (file, args) => {
  const text = await printed([...args, '-f', 'examples/shop'])
  expect(text).toBe(golden(file))
  expect(text.split('\n').length).toBeLessThan(25)
})

test.each([
  [
    ['--focus', 'databse', '-n', 'production'],
    'there is no pod or workload "production/databse"; did you mean production/database?',
  ],
  [['--focus', 'database'], 'there is no pod or workload "default/database"; there is production/database'],
  [['--focus', '10.96.0.1'], '"10.96.0.1" is no pod or workload; give namespace/name, or -n'],
  [['--in', 'prodction'], 'no namespace "prodction"; did you mean production?'],
  [['--in', 'nosuch'], 'no namespace "nosuch"; there is production'],
  [['-n', 'nosuch'], 'no namespace "nosuch"; there is production'],
  [['--focus', 'nosuch/*'], 'no namespace "nosuch"; there is production'],
])('%j: what is not there is refused', async (args, line) => {
  expect(await selvedge(['graph', '-o', 'text', ...args, '-f', SHOP])).toEqual(refused(line))
})

test('of namespaces those with pods are named, a few of many', async () => {
  const refusal = async (input: string, name: string) =>
    (await selvedge(['graph', '-o', 'text', '--in', name, '-f', '-'], { input })).stderr
  const many = documents(...'gfedcba'.split('').map((name) => workload(`${name}/web`)), namespace('idle'))
  expect(await refusal(many, 'nosuch')).toBe('no namespace "nosuch"; there are a, b, c, d, e and 2 more\n')
  expect(await refusal(documents(workload('shop/web'), namespace('idle')), 'idle')).toBe(
    'no pod is in namespace "idle"; there is shop\n',
  )
  expect(await refusal(namespace('idle'), 'nosuch')).toBe('no namespace "nosuch"; the input holds no pod\n')
})

test('what is asked for is kept, the rest is not', async () => {
  const rows = async (...args: readonly string[]) => {
    const text = await printed(['graph', '-o', 'csv', ...args, '-f', SHOP])
    return text
      .split('\r\n')
      .slice(1, -1)
      .map((row) => row.split(',').slice(0, 2).join(' → '))
  }
  expect(await rows('--port', '5432', '--focus', 'production/database')).toContain(
    'production/backend → production/database',
  )
  expect(await rows('--port', '5432')).not.toContain('production/frontend → production/backend')
  expect(await rows('--port', '8080', '--focus', 'production/frontend')).toContain(
    'production/frontend → production/backend',
  )
  expect((await rows('--in', 'production')).length).toBe((await rows()).length)
})

test('-n is a namespace that is asked about; beside names it says where these are', async () => {
  const input = documents(
    workload('shop/web'),
    workload('shop/db'),
    workload('ops/job'),
    policy('shop/db', '{podSelector: {matchLabels: {app: db}}}'),
    policy('ops/all', '{podSelector: {}}'),
  )
  const text = (...args: readonly string[]) =>
    selvedge(['graph', '-o', 'json', ...args, '-f', '-'], { input }).then(({ stdout }) => {
      const { nodes } = JSON.parse(stdout) as { nodes: readonly { readonly id: string; readonly kind: string }[] }
      return nodes.filter(({ kind }) => kind === 'workload').map(({ id }) => id)
    })
  expect(await text()).toEqual(['ops/job', 'shop/db', 'shop/web'])
  expect(await text('-n', 'ops')).toEqual(['ops/job', 'shop/web'])
  expect(await text('-n', 'ops')).toEqual(await text('--in', 'ops'))
  expect(await text('-n', 'shop', '--focus', 'db')).toEqual(await text('--focus', 'shop/db'))
  expect(await selvedge(['graph', '-n', 'spo', '-o', 'text', '-f', '-'], { input })).toEqual(
    refused('no namespace "spo"; there are ops, shop'),
  )
})

const BEHIND_INGRESS = documents(
  workload('shop/web', { ports: ['8080'] }),
  service('shop/web', '{selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}'),
  'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: front, namespace: shop}\nspec: {rules: [{host: a.example, http: {paths: [{path: /x, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}, {path: /y, pathType: Prefix, backend: {service: {name: gone, port: {number: 80}}}}]}}]}',
)

test.each([
  ['dot', '"Ingress shop/front" -> "shop/web" [label="a.example/x ✓ TCP 8080"]'],
  ['dot', '"Ingress shop/front" -> "svc/shop/gone" [label="a.example/y ✗"]'],
  ['mermaid', '|"a.example/x ✓ TCP 8080"| n0'],
  ['svg', 'Ingress shop/front → shop/web: a.example/x ✓ TCP 8080'],
  ['html', 'Ingress shop/front → shop/web: a.example/x ✓ TCP 8080'],
  ['html', '✗ Ingress shop/front a.example/y → a controller that the input does not have → svc/shop/gone'],
])('graph -o %s shows the ways from outside: %s', async (format, part) => {
  expect(await printed(['graph', '-o', format, '-f', '-'], { input: BEHIND_INGRESS })).toContain(part)
})

const HOSTILE = '=cmd|x @me [a](b) <img> `x` www.example.org.yaml'

test('a path that is markup or a formula is text in Markdown and in CSV', async () => {
  const input = documents(
    workload('shop/web'),
    policy(
      'shop/web',
      '{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: api}}}], ports: [{port: 80}]}]}',
    ),
  )
  const cwd = temporaryFolder({ [HOSTILE]: input })
  const md = await printed(['graph', '-o', 'md', '-f', HOSTILE], { cwd })
  expect(md).toContain('&#64;&#8203;me')
  expect(md).not.toMatch(/[`[\]<](?!br>)|@|cmd\||www\./)
  const csv = await printed(['graph', '-o', 'csv', '-f', HOSTILE], { cwd })
  for (const row of csv.split('\r\n')) expect(row).not.toMatch(/(^|,)"?[=+\-@]/)
})

test('policies -o json keeps to its schema; so do graph and diff with ways from outside', async () => {
  const answer = JSON.parse(await printed(['policies', 'production/backend', '-o', 'json', '-f', SHOP])) as object
  expect(problemsOf('policies', answer)).toEqual([])
  expect(problemsOf('policies', { ...answer, groups: [{}] })).not.toEqual([])
  const input = (...policies: readonly string[]) =>
    documents(
      workload('shop/web'),
      service('shop/web', '{selector: {app: web}, ports: [{port: 80}]}'),
      '{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {namespace: shop, name: web}, spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}}',
      workload('edge/traefik'),
      ...policies,
    )
  const cwd = temporaryFolder({ 'old.yaml': input(policy('shop/none', '{podSelector: {}}')), 'new.yaml': input() })
  const graph = JSON.parse(await printed(['graph', '-o', 'json', '-f', 'new.yaml'], { cwd })) as { entries: unknown }
  expect(problemsOf('reach', graph)).toEqual([])
  const way = {
    by: 'Ingress shop/web',
    asked: '/',
    through: ['edge/traefik'],
    to: 'shop/web',
    ports: 'TCP 80',
    passes: true,
    why: '',
  }
  expect(graph.entries).toEqual([way])
  const diff = await selvedge(['diff', 'old.yaml', 'new.yaml', '-o', 'json'], { cwd })
  const change = JSON.parse(diff.stdout) as { entries: unknown }
  expect(problemsOf('difference', change)).toEqual([])
  expect(change.entries).toEqual({ opens: [way], closes: [] })
  const text = await selvedge(['diff', 'old.yaml', 'new.yaml'], { cwd })
  expect(text.stdout).toContain('+ Ingress shop/web / → edge/traefik → shop/web  TCP 80\n')
})

test('policies of what is no pod are refused', async () => {
  expect(await selvedge(['policies', 'production/bakend', '-f', SHOP])).toEqual(
    refused('there is no pod or workload "production/bakend"; did you mean production/backend?'),
  )
})

test('pods behind a node port of which there is the same to say are told once', async () => {
  const onNode = (name: string, number: number) =>
    `{apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: web-${number}, labels: {app: web}}, spec: {nodeName: ${name}, containers: [{name: m, image: x}]}, status: {phase: Running, podIP: 10.244.${number}.2}}`
  const nodes = [1, 2, 3, 4, 5, 6, 7].map((number) =>
    node(`n${number}`, `192.168.10.${number}`, `10.244.${number}.0/24`),
  )
  const pods = [1, 2, 3, 4, 5, 6, 7].map((number) => onNode(`n${number}`, number))
  const input = documents(
    ...nodes,
    ...pods,
    service(
      'shop/web',
      '{type: NodePort, selector: {app: web}, ports: [{port: 80, targetPort: 8080, nodePort: 30080}]}',
    ),
    policy('shop/web', '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 203.0.113.0/24}}]}]}'),
  )
  const { stdout } = await selvedge(['explain', '203.0.113.7', '192.168.10.1', '30080', '-f', '-'], { input })
  const verdicts = stdout.replaceAll('\n  ', ' ').match(/^(allowed|denied): .*? TCP 8080/gm)
  expect(verdicts).toEqual([
    'allowed: 203.0.113.7 → shop/web-1 TCP 8080',
    'denied: n1 over VXLAN (10.244.1.0) → shop/web-2, shop/web-3, shop/web-4, shop/web-5 and 2 more TCP 8080',
    'denied: n1 with host-gw (192.168.10.1) → shop/web-2, shop/web-3, shop/web-4, shop/web-5 and 2 more TCP 8080',
  ])
})
