import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createCluster } from '../../compiler/cluster/create-cluster.ts'
import { deniedGraph } from '../../compiler/reach/denied-graph.ts'
import { reachGraph } from '../../compiler/reach/reach-graph.ts'
import { createReachIndex } from '../../src/views/page/browser/reach-index.ts'
import { collectPageData } from '../../src/views/page/collect-page-data.ts'
import { createRulesBehind } from '../../src/views/rules-behind.ts'
import { clusters } from '../arbitraries/clusters.ts'
import { decodeCluster } from '../laws/decode-cluster.ts'
import { lawParameters } from '../support/law-parameters.ts'
import { clusterOfText } from './support/made-up-cluster.ts'

test('between pods the rules behind an edge are those that the page cites, which are those of explain', () => {
  let met = 0
  fc.assert(
    fc.property(clusters(), (raw) => {
      const cluster = createCluster(decodeCluster(raw), [])
      const graph = reachGraph(cluster.graph, 'pod')
      const { granting } = createRulesBehind(cluster, graph)
      const data = collectPageData(cluster, 'pod')
      const index = createReachIndex(data)
      const classOf = new Map(data.nodes.map((node) => [node.id, node.class]))
      const governed = new Set(graph.nodes.filter(({ hostNetwork }) => !hostNetwork).map(({ id }) => id))
      const pairs = Map.groupBy(graph.edges, ({ from, to }) => `${from} ${to}`)
      for (const edges of pairs.values()) {
        const [{ from, to } = { from: '', to: '' }] = edges
        if (!governed.has(from) || !governed.has(to)) continue
        const [source, target] = [classOf.get(from) ?? -1, classOf.get(to) ?? -1]
        const cited = (['egress', 'ingress'] as const).flatMap((direction) =>
          index.rules(direction, source, target).map((position) => {
            const rule = data.rules[position]
            return `${data.policies[rule?.policy ?? -1]?.name} ${rule?.name}`
          }),
        )
        const pair = `${from} → ${to}`
        expect({
          pair,
          rules: granting(edges)
            .map(({ name }) => name)
            .sort(),
        }).toEqual({ pair, rules: cited.sort() })
        met += cited.length
      }
    }),
    lawParameters(40),
  )
  expect(met).toBeGreaterThan(0)
})

const MADE = `---
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop, labels: { app: web } }
spec: { containers: [{ name: main, image: x }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop }
spec:
  podSelector: { matchLabels: { app: web } }
  policyTypes: [Ingress, Egress]
  ingress:
    - { from: [{ podSelector: { matchLabels: { app: gone } } }], ports: [{ port: 80 }] }
    - { from: [{ ipBlock: { cidr: 192.0.2.0/24 } }], ports: [{ port: 81 }] }
  egress:
    - { to: [{ podSelector: { matchLabels: { app: gone } } }], ports: [{ port: http }] }
`

test('so are those of edges with addresses outside, and with pods that are not in the input, by name of port too', () => {
  const cluster = clusterOfText('a.yaml', MADE)
  const graph = reachGraph(cluster.graph, 'workload')
  const { granting } = createRulesBehind(cluster, graph)
  const why = graph.edges.map((edge) => [
    edge.from,
    edge.to,
    edge.ports,
    granting([edge]).map(({ name, place }) => `${name} ${place}`),
  ])
  expect(why).toEqual([
    ['192.0.2.0/24', 'shop/web', '81', ['shop/web ingress[1] a.yaml:15']],
    ['pods with app=gone in shop', 'shop/web', '80', ['shop/web ingress[0] a.yaml:14']],
    ['shop/web', 'pods with app=gone in shop', 'http', ['shop/web egress[0] a.yaml:17']],
  ])
})

test('what does not pass is laid to the policies of the side that does not let it', () => {
  const cluster = clusterOfText('a.yaml', MADE + MADE.replaceAll('web', 'db').replace('[Ingress, Egress]', '[Ingress]'))
  const graph = deniedGraph(cluster.graph, 'workload', () => true)
  const { isolating } = createRulesBehind(cluster, graph)
  const between = graph.edges.filter(({ from, to }) => from.startsWith('shop/') && to.startsWith('shop/'))
  const why = new Set(
    between.flatMap((edge) => isolating([edge]).map(({ name }) => `${edge.from} → ${edge.to}: ${name}`)),
  )
  expect([...why].sort()).toEqual([
    'shop/db → shop/web: shop/web (ingress)',
    'shop/web → shop/db: shop/db (ingress)',
    'shop/web → shop/db: shop/web (egress)',
  ])
})
