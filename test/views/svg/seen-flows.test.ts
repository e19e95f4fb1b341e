import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RecordedFlow } from '../../../compiler/flows/flow-list.ts'
import type { Cluster } from '../../../compiler/cluster/create-cluster.ts'
import { type ReachGraph, reachGraph } from '../../../compiler/reach/reach-graph.ts'
import { layFlows } from '../../../src/views/lay-flows.ts'
import { ANYONE, pictureOf } from '../../../src/views/picture.ts'
import { seenEdges } from '../../../src/views/seen-edges.ts'
import { graphSvg } from '../../../src/views/svg/graph-svg.ts'
import { printed, SHOP } from '../../cli/run-selvedge.ts'
import { clusterOf, deployment, flowFileText, flowOf } from '../../suggest/flows-of.ts'
import { PROJECT_ROOT } from '../../support/project-root.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { describeBrowser } from '../support/describe-browser.ts'
import { madeUpCluster } from '../support/made-up-cluster.ts'
import { startBrowser, type TestBrowser } from '../support/start-browser.ts'
import { WORD_FAULTS } from './word-faults.ts'

const laid = (cluster: Cluster, graph: ReachGraph, flows: readonly RecordedFlow[]) =>
  layFlows(seenEdges(cluster.graph, graph.nodes, { flows }).flows, graph.edges, graph.blocks)

const PICTURE = join(PROJECT_ROOT, 'docs', 'images', 'graph-seen.svg')
const SHOP_FLOWS = [
  flowOf('production/frontend', 'production/backend', '8080/TCP', { count: 1204 }),
  flowOf('production/backend', 'production/database', '5432/TCP', { count: 310 }),
  flowOf('198.51.100.7', 'production/frontend', '8080/TCP', { count: 40 }),
  flowOf('production/backend', 'Deployment kube-system/coredns', '53/UDP', { count: 12 }),
  flowOf('production/frontend', 'production/database', '5432/TCP', {
    verdict: 'denied',
    direction: 'ingress',
    count: 9,
  }),
]

test('docs/graph.md shows the shop as it is drawn with its flows', async () => {
  const file = join(temporaryFolder({ 'flows.json': flowFileText(SHOP_FLOWS) }), 'flows.json')
  const svg = await printed(['graph', '-f', SHOP, '--flows', file, '-o', 'svg'])
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(PICTURE, svg)
  expect(svg).toBe(readFileSync(PICTURE, 'utf8'))
})

test('--port and --focus choose flows as well', async () => {
  const file = join(temporaryFolder({ 'flows.json': flowFileText(SHOP_FLOWS) }), 'flows.json')
  const titles = async (...args: readonly string[]) => {
    const svg = await printed(['graph', '-f', SHOP, '--flows', file, '-o', 'svg', ...args])
    return [...svg.matchAll(/<title>([^<]*×[^<]*)<\/title>/g)].map(([, title = '']) => title)
  }
  expect(await titles('--port', '5432')).toEqual([
    'production/backend → production/database: TCP 5432; 310×',
    'production/frontend → production/database: TCP 5432; refused 9×',
  ])
  expect(await titles('--focus', 'production/frontend')).toEqual([
    '198.51.100.7 → production/frontend: TCP 8080; 40×',
    'production/frontend → production/backend: TCP 8080; 1,204×',
    'production/frontend → production/database: TCP 5432; refused 9×',
  ])
})

const closed = (rule: string) =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: db, namespace: shop}\nspec: {podSelector: {matchLabels: {app: db}}, ingress: [${rule}]}`
const NAMES = ['db', 'web', 'api', 'job', 'idle']

function arrowsOf(rule: string, ...flows: readonly RecordedFlow[]): readonly string[] {
  const cluster = clusterOf(NAMES.map((name) => deployment(name)).join('') + closed(rule))
  const graph = reachGraph(cluster.graph, 'workload')
  return pictureOf(graph, [], laid(cluster, graph, flows)).arrows.map(
    ({ from, to, ports, use }) => `${from} > ${to}: ${ports} ${use?.kind} ${use?.count}`,
  )
}

test('ports that are used are apart from those that are not; who was seen has an arrow, and all others one together', () => {
  const rule = '{ports: [{port: 5432}, {port: 9187}]}'
  expect(arrowsOf(rule)).toEqual([`${ANYONE} > shop/db: TCP 5432, 9187 never 0`])
  const seen = [flowOf('shop/web', 'shop/db', '5432/TCP', { count: 7 }), flowOf('shop/web', 'shop/db', '5432/TCP')]
  expect(arrowsOf(rule, ...seen)).toEqual([
    `${ANYONE} > shop/db: TCP 5432, 9187 never 0`,
    'shop/web > shop/db: TCP 9187 never 0',
    'shop/web > shop/db: TCP 5432 used 10',
  ])
})

test('what passed and may not, what was tried, what no policy has a say in, and what the input does not know, are told apart', () => {
  const rule = '{from: [{podSelector: {matchLabels: {app: api}}}], ports: [{port: 5432}]}'
  const denied = { verdict: 'denied', direction: 'ingress' } as const
  expect(
    arrowsOf(
      rule,
      flowOf('shop/web', 'shop/db', '5432/TCP'),
      flowOf('shop/job', 'shop/db', '5432/TCP', denied),
      flowOf('shop/job', 'shop/db', 'ping', denied),
      flowOf('shop/web', 'shop/job', '80/TCP'),
      flowOf('node a', 'shop/db', '5432/TCP'),
      flowOf('shop/db', 'shop/web', '40000/UDP', { lateAnswer: true }),
      // Perhaps the node of db has denied it then, too.
      flowOf('shop/web', 'shop/db', '9/TCP', { unconfirmed: true }),
    ).toSorted(),
  ).toEqual([
    'node a (192.168.0.7) > shop/db: TCP 5432 not known 3',
    'shop/api > shop/db: TCP 5432 never 0',
    'shop/job > shop/db: TCP 5432, ping refused 6',
    'shop/web > shop/db: TCP 5432 gone 3',
    'shop/web > shop/db: TCP 9 not known 3',
    'shop/web > shop/job: TCP 80 used 3',
  ])
})

test('an address outside counts for the block that allows it; many strangers are one end', () => {
  const rule = '{from: [{ipBlock: {cidr: 192.0.2.0/24}}, {ipBlock: {cidr: 198.18.0.0/15}}], ports: [{port: 5432}]}'
  expect(arrowsOf(rule, flowOf('192.0.2.3', 'shop/db', '5432/TCP'))).toEqual([
    '198.18.0.0/15 > shop/db: TCP 5432 never 0',
    '192.0.2.0/24 > shop/db: TCP 5432 used 3',
  ])
  const crowd = Array.from({ length: 7 }, (_, index) => flowOf(`198.51.100.${index}`, 'shop/web', '80/TCP'))
  expect(arrowsOf(rule, ...crowd)).toContain('7 others, outside or not in the input > shop/web: TCP 80 used 21')
})

describeBrowser('pictures of what was seen, in a browser', () => {
  let browser: TestBrowser
  beforeAll(async () => {
    browser = await startBrowser()
  })
  afterAll(() => browser.close())

  test.each([2, 12, 120])('of %i workloads no word is cut, small or covered, and nothing is fetched', async (count) => {
    const cluster = madeUpCluster(count, 1)
    const graph = reachGraph(cluster.graph, 'workload')
    const pods = [...cluster.graph.pods.values()].map(({ pod }) => pod)
    const flows = Array.from({ length: 24 }, (_, index): RecordedFlow => {
      const [source, destination] = [pods[(index * 3) % pods.length], pods[(index * 7 + 1) % pods.length]]
      if (source === undefined || destination === undefined) throw new Error('it has pods')
      const end = ({ namespace, name, workload }: typeof source, address: string) =>
        ({ kind: 'pod', namespace, name, workload, address }) as const
      const denied = index % 5 === 0 ? ({ verdict: 'denied', direction: 'ingress' } as const) : {}
      const ends = { source: end(source, '10.0.0.1'), destination: end(destination, '10.0.0.2') }
      return { ...flowOf('a/b', 'a/c', '8080/TCP', { count: index * 977 + 1, ...denied }), ...ends }
    })
    const node = flowOf('node a', 'x/y', '80/TCP')
    const svg = graphSvg(graph, [], laid(cluster, graph, [...flows, node]))
    const { page, requests, complaints } = await browser.open(`seen-${count}.svg`, svg)
    expect(await page.evaluate(WORD_FAULTS)).toEqual({ count: true, cut: [], small: [], covered: [] })
    expect({ requests: requests.length, complaints }).toEqual({ requests: 1, complaints: [] })
    await page.close()
  })
})
