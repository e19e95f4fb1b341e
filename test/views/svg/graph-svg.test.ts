import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createCluster } from '../../../compiler/cluster/create-cluster.ts'
import { reachGraph } from '../../../compiler/reach/reach-graph.ts'
import { ANYONE, EVERY_POD, pictureOf } from '../../../src/views/picture.ts'
import { drawingOf } from '../../../src/views/svg/drawing-svg.ts'
import { graphSvg } from '../../../src/views/svg/graph-svg.ts'
import { printed, SHOP } from '../../cli/run-selvedge.ts'
import { clusterOfText, madeUpCluster } from '../support/made-up-cluster.ts'

const GOLDEN = join(import.meta.dirname, 'golden', 'shop.svg')

test('examples/shop is drawn as it always was', async () => {
  const svg = await printed(['graph', '-f', SHOP, '-o', 'svg'])
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(GOLDEN, svg)
  expect(svg).toBe(readFileSync(GOLDEN, 'utf8'))
})

test.each([5, 120])(
  'the same cluster of %i workloads gives the same bytes, in whatever order it comes',
  (workloads) => {
    const cluster = madeUpCluster(workloads, 2)
    const turned = createCluster([...cluster.objects].reverse(), cluster.others)
    const svg = graphSvg(reachGraph(cluster.graph, 'workload'))
    expect(graphSvg(reachGraph(turned.graph, 'workload'))).toBe(svg)
  },
)

test('a few dozen workloads are a drawing, hundreds a table', () => {
  const kind = (workloads: number) =>
    graphSvg(reachGraph(madeUpCluster(workloads, 1).graph, 'workload')).includes('class="arrow"') ? 'drawing' : 'table'
  expect([5, 30, 40, 200].map(kind)).toEqual(['drawing', 'drawing', 'drawing', 'table'])
})

test('no pods at all is a picture too', () => {
  const { graph } = clusterOfText('none.yaml', '')
  expect(graphSvg(reachGraph(graph, 'workload'))).toMatch(/^<svg [^>]*viewBox="0 0 \d+ \d+"/)
})

test('an arrow from a box to itself leaves it, passes below its words, and comes back', () => {
  const box = { id: 'a/web', label: 'web', namespace: 'a', state: 'ingress isolated', detail: '2 pods' } as const
  const { content } = drawingOf({ boxes: [box], arrows: [{ from: 'a/web', to: 'a/web', ports: 'TCP 80' }] })
  const [, drawn = ''] = /data-from(.*)/.exec(content) ?? []
  const numbersOf = (text: string): readonly number[] => [...text.matchAll(/-?[\d.]+/g)].map(Number)
  const [, path = ''] = / d="([^"]*)"/.exec(drawn) ?? []
  const [line, words] = [numbersOf(path), numbersOf(/<text [^>]*y="([^"]*)"/.exec(drawn)?.[1] ?? '')]
  const [x = 0, y = 0, width = 0, height = 0] = numbersOf(/class="box[^"]*"([^>]*)/.exec(content)?.[0] ?? '')
  const [startX = 0, startY, endX = 0, endY] = [...line.slice(0, 2), ...line.slice(-2)]
  const bottom = y + height
  expect([startY, endY]).toEqual([bottom, bottom])
  expect([x < startX, startX < endX, endX < x + width, bottom < (words[0] ?? 0)]).toEqual([true, true, true, true])
})

const POLICY = (spec: string) => `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: p, namespace: a }
spec: { podSelector: { matchLabels: { app: target } }, ${spec} }
`
const PODS = ['target', 'one', 'two', 'three']
  .map(
    (name) => `---
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: a, labels: { app: ${name} } }
spec: { containers: [{ name: main, image: x }] }
`,
  )
  .join('')
const arrowsOf = (spec: string) =>
  pictureOf(reachGraph(clusterOfText('p.yaml', PODS + POLICY(spec)).graph, 'workload')).arrows

test('who is reached by all is reached by anyone, and by every pod where addresses outside are not meant', () => {
  const ports = 'ports: [{ port: 80 }]'
  expect(arrowsOf(`policyTypes: [Ingress], ingress: [{ ${ports} }]`)).toEqual([
    { from: ANYONE, to: 'a/target', ports: 'TCP 80' },
  ])
  expect(arrowsOf(`policyTypes: [Ingress], ingress: [{ from: [{ podSelector: {} }], ${ports} }]`)).toEqual([
    { from: EVERY_POD, to: 'a/target', ports: 'TCP 80' },
  ])
  expect(arrowsOf(`policyTypes: [Egress], egress: [{ ${ports} }]`)).toEqual([
    { from: 'a/target', to: ANYONE, ports: 'TCP 80' },
  ])
})

test('who is on the network of a node is among anyone, and is not every pod', () => {
  const host = `---
apiVersion: v1
kind: Pod
metadata: { name: host, namespace: a, labels: { app: host } }
spec: { hostNetwork: true, containers: [{ name: main, image: x }] }
`
  const arrows = (rule: string) =>
    pictureOf(
      reachGraph(
        clusterOfText('p.yaml', PODS + host + POLICY(`policyTypes: [Ingress], ingress: [${rule}]`)).graph,
        'workload',
      ),
    ).arrows
  expect(arrows('{ ports: [{ port: 80 }] }')).toEqual([{ from: ANYONE, to: 'a/target', ports: 'TCP 80' }])
  expect(arrows('{ from: [{ podSelector: {} }] }')).toEqual([{ from: EVERY_POD, to: 'a/target', ports: 'everything' }])
})

test('one that is left out, or has other ports, keeps all arrows apart', () => {
  const some = '{ podSelector: { matchExpressions: [{ key: app, operator: In, values: [one, two] }] } }'
  expect(arrowsOf(`policyTypes: [Ingress], ingress: [{ from: [${some}], ports: [{ port: 80 }] }]`)).toEqual([
    { from: 'a/one', to: 'a/target', ports: 'TCP 80' },
    { from: 'a/two', to: 'a/target', ports: 'TCP 80' },
  ])
  const more = '{ from: [{ podSelector: { matchLabels: { app: one } } }], ports: [{ port: 81 }] }'
  const arrows = arrowsOf(
    `policyTypes: [Ingress], ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 80 }] }, ${more}]`,
  )
  expect(arrows.map(({ from, ports }) => `${from} ${ports}`)).toEqual([
    'a/one TCP 80-81',
    'a/three TCP 80',
    'a/two TCP 80',
  ])
})
