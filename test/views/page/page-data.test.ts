import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Cluster, createCluster } from '../../../compiler/cluster/create-cluster.ts'
import { explainConnection } from '../../../compiler/explain/explain-connection.ts'
import type { GraphPod } from '../../../compiler/graph/allow-graph.ts'
import { DIRECTIONS } from '../../../compiler/objects/direction.ts'
import type { Transport } from '../../../compiler/graph/judge.ts'
import { peerOf } from '../../../compiler/graph/peer-of.ts'
import type { FoldBy } from '../../../compiler/reach/fold.ts'
import { deniedGraph } from '../../../compiler/reach/denied-graph.ts'
import { podKey } from '../../../compiler/objects/pod-name.ts'
import { reachGraph } from '../../../compiler/reach/reach-graph.ts'
import { portsText } from '../../../src/views/edge-lines.ts'
import { createReachIndex } from '../../../src/views/page/browser/reach-index.ts'
import { collectPageData } from '../../../src/views/page/collect-page-data.ts'
import { graphPage } from '../../../src/views/page/graph-page.ts'
import { EVERYTHING } from '../../../src/views/page/page-asked.ts'
import type { PageData } from '../../../src/views/page/page-data.ts'
import { createRulesBehind } from '../../../src/views/rules-behind.ts'
import { clusters } from '../../arbitraries/clusters.ts'
import { askedCluster } from '../../laws/ask-cluster.ts'
import { decodeCluster } from '../../laws/decode-cluster.ts'
import { lawParameters } from '../../support/law-parameters.ts'
import { clusterOfText, madeUpCluster } from '../support/made-up-cluster.ts'

const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const

/** The first and last port of every interval that anything in the data speaks of: nothing changes between them. */
function transportsOf({ portSets }: PageData): readonly Transport[] {
  const transports = PROTOCOLS.flatMap((protocol) => {
    const ports = new Set([1, ...portSets.flatMap((set) => set[protocol])])
    return [...ports].map((port) => ({ protocol, port }))
  })
  return [...transports, { protocol: 'other' }]
}

/** Everything that the page says of two pods in both families, put together port by port from what `explain` says. */
function explained(cluster: Cluster, from: GraphPod, to: GraphPod, transports: readonly Transport[]) {
  const rules = { ingress: new Set<string>(), egress: new Set<string>() }
  const isolatedBy = { ingress: new Set<string>(), egress: new Set<string>() }
  let passes = 0
  for (const family of ['IPv4', 'IPv6'] as const) {
    const [source, destination] = [peerOf(from, family)?.address, peerOf(to, family)?.address]
    if (source === undefined || destination === undefined) continue
    for (const transport of transports) {
      const answer = explainConnection(cluster, { source, destination, transport })
      for (const direction of DIRECTIONS) {
        for (const policy of answer[direction].isolatedBy) isolatedBy[direction].add(policy)
      }
      if (!answer.allowed) continue
      passes += 1
      for (const direction of DIRECTIONS) {
        for (const { policy, rule } of answer[direction].grantedBy) rules[direction].add(`${policy} ${rule}`)
      }
    }
  }
  const sorted = (sets: typeof rules) => ({ ingress: [...sets.ingress].sort(), egress: [...sets.egress].sort() })
  return { passes: passes > 0, rules: sorted(rules), isolatedBy: sorted(isolatedBy) }
}

function expectPageToSayAsExplain(cluster: Cluster): void {
  const data = collectPageData(cluster, 'pod')
  const index = createReachIndex(data)
  const transports = transportsOf(data)
  // Who is on the network of a node has no address of its own to explain; below it is held against the graph.
  const governed = [...cluster.graph.pods.values()].filter(({ pod }) => !pod.hostNetwork)
  const pods = new Map(governed.map((pod) => [`${pod.pod.namespace}/${pod.pod.name}`, pod]))
  const ruleName = (position: number) => {
    const rule = data.rules[position]
    return `${data.policies[rule?.policy ?? -1]?.name} ${rule?.name}`
  }
  const policyNames = (list: readonly number[] | undefined) => (list ?? []).map((one) => data.policies[one]?.name ?? '')
  for (const one of data.nodes) {
    for (const other of data.nodes) {
      const [from, to] = [pods.get(one.id), pods.get(other.id)]
      if (one === other || from === undefined || to === undefined) continue
      const reach = index.at(one.class, other.class)
      const rules = (direction: 'ingress' | 'egress') =>
        index.rules(direction, one.class, other.class).map(ruleName).sort()
      const said = {
        passes: reach !== 0,
        rules: { ingress: rules('ingress'), egress: rules('egress') },
        isolatedBy: {
          ingress: policyNames(data.isolatedBy.ingress[other.class]),
          egress: policyNames(data.isolatedBy.egress[one.class]),
        },
      }
      const pair = `${one.id} → ${other.id}`
      const right = explained(cluster, from, to, transports)
      // Of ends without a common family nobody is asked, and the page still knows who isolates them.
      const common = ['IPv4', 'IPv6'].some((family) =>
        [from, to].every((pod) => peerOf(pod, family as 'IPv4' | 'IPv6') !== undefined),
      )
      const isolatedBy = common ? right.isolatedBy : said.isolatedBy
      expect({ pair, ...said }).toEqual({ pair, ...right, isolatedBy })
    }
  }
}

test('the page says of every two pods what explain says: whether, by which rules, and who isolates them', () => {
  fc.assert(
    fc.property(clusters(), (raw) => expectPageToSayAsExplain(createCluster(decodeCluster(raw), []))),
    lawParameters(40),
  )
})

test('the page says of every two nodes what the graph says, of those on the network of their nodes too', () => {
  let hosts = 0
  let pairs = 0
  fc.assert(
    fc.property(clusters(), fc.constantFrom<FoldBy[]>('pod', 'workload', 'namespace'), (raw, by) => {
      const cluster = createCluster(decodeCluster(raw), [])
      const data = collectPageData(cluster, by)
      const index = createReachIndex(data)
      const { nodes, edges } = reachGraph(cluster.graph, by)
      // The page tells pods apart by the policies that isolate them, so what the graph folds may fall apart there.
      const folded = new Set(nodes.map(({ id }) => id))
      if (by === 'pod') expect(data.nodes.map(({ id }) => id)).toEqual([...folded])
      expect(data.nodes.length).toBeGreaterThanOrEqual(folded.size)
      const inBoth = data.nodes.filter(({ id }) => folded.has(id))
      pairs += inBoth.length * (inBoth.length - 1)
      for (const from of inBoth) {
        for (const to of inBoth) {
          if (from === to) continue
          const isHost = [from, to].some(({ state }) => state === 'host network')
          hosts += Number(isHost)
          const said = data.reaches[index.at(from.class, to.class)]?.text
          const right = portsText(edges.filter((edge) => edge.from === from.id && edge.to === to.id))
          const pair = `${from.id} → ${to.id}`
          expect({ pair, said }).toEqual({ pair, said: right })
        }
      }
    }),
    lawParameters(60),
  )
  expect([hosts > 0, pairs > 500]).toEqual([true, true])
})

const podOf = (name: string) => `---
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: a, labels: { app: ${name} } }
spec: { containers: [{ name: main, image: x }] }
`
const policyOf = (name: string, app: string, rules: string) => `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${name}, namespace: a }
spec: { podSelector: { matchLabels: { app: ${app} } }, policyTypes: [Ingress], ingress: ${rules} }
`

test('pods that two policies treat alike are still each isolated by their own', () => {
  const pods = ['one', 'two', 'three'].map(podOf).join('')
  const cluster = clusterOfText('a.yaml', pods + policyOf('p', 'one', '[{}]') + policyOf('q', 'two', '[{}]'))
  expectPageToSayAsExplain(cluster)
  const data = collectPageData(cluster, 'pod')
  const isolating = data.nodes.map((node) => [node.id, data.isolatedBy.ingress[node.class]])
  expect(isolating).toEqual([
    ['a/one', [0]],
    ['a/three', []],
    ['a/two', [1]],
  ])
})

test('a rule that another makes superfluous is cited for those that it means, and for no other', () => {
  const rules =
    '[{ ports: [{ port: 80 }] }, { from: [{ podSelector: { matchLabels: { app: two } } }], ports: [{ port: 80 }] }]'
  const cluster = clusterOfText('a.yaml', ['one', 'two', 'three'].map(podOf).join('') + policyOf('p', 'one', rules))
  expectPageToSayAsExplain(cluster)
  const data = collectPageData(cluster, 'pod')
  const index = createReachIndex(data)
  const at = (id: string) => data.nodes.find((node) => node.id === id)?.class ?? -1
  expect(index.rules('ingress', at('a/two'), at('a/one'))).toEqual([0, 1])
  expect(index.rules('ingress', at('a/three'), at('a/one'))).toEqual([0])
})

test('rules with names of ports are cited for the pods that own the name as the destination has it', () => {
  const pod = (name: string, port: number) => `---
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: a, labels: { app: ${name} } }
spec: { containers: [{ name: main, image: x, ports: [{ name: http, containerPort: ${port} }] }] }
`
  const policy = `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: p, namespace: a }
spec: { podSelector: { matchLabels: { app: one } }, policyTypes: [Egress], egress: [{ ports: [{ port: http }] }, { ports: [{ port: 80 }] }] }
`
  const cluster = clusterOfText('a.yaml', pod('one', 80) + pod('two', 80) + pod('three', 8080) + policy)
  expectPageToSayAsExplain(cluster)
  const data = collectPageData(cluster, 'pod')
  const index = createReachIndex(data)
  const at = (id: string) => data.nodes.find((node) => node.id === id)?.class ?? -1
  expect(index.rules('egress', at('a/one'), at('a/two'))).toEqual([0, 1])
  expect(index.rules('egress', at('a/one'), at('a/three'))).toEqual([0, 1])
  expect(data.reaches[index.at(at('a/one'), at('a/three'))]?.text).toBe('TCP 80, 8080')
})

test('addresses outside come with the rules that speak of them, and of their ports', () => {
  const cluster = clusterOfText(
    'a.yaml',
    `---
apiVersion: v1
kind: Pod
metadata: { name: one, namespace: a }
spec: { containers: [{ name: main, image: x }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: p, namespace: a }
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
    - { to: [{ ipBlock: { cidr: 192.0.2.0/24 } }], ports: [{ port: 443 }] }
    - { to: [{ ipBlock: { cidr: 192.0.2.0/25 } }, { podSelector: {} }], ports: [{ port: 443 }] }
    - { to: [{ ipBlock: { cidr: 198.51.100.0/24 } }], ports: [{ port: 53, protocol: UDP }] }
`,
  )
  const { outside, portSets } = collectPageData(cluster, 'pod')
  const said = outside.egress[0]?.map(({ ports, ...rest }) => ({ ...rest, ports: portSets[ports] }))
  const none = { TCP: [], UDP: [], SCTP: [], other: false }
  expect(said).toEqual([
    { addresses: '192.0.2.0/24', text: 'TCP 443', rules: [0, 1], ports: { ...none, TCP: [443, 443] } },
    { addresses: '198.51.100.0/24', text: 'UDP 53', rules: [2], ports: { ...none, UDP: [53, 53] } },
  ])
  expect(outside.ingress).toEqual([[]])
})

test('the same cluster gives the same bytes, in whatever order it comes', () => {
  const cluster = madeUpCluster(30, 2)
  const turned = createCluster([...cluster.objects].reverse(), cluster.others)
  expect(graphPage(turned, 'workload')).toBe(graphPage(cluster, 'workload'))
})

test('five thousand pods in forty namespaces are less than a megabyte, and with the table that svg draws less than four', () => {
  const cluster = madeUpCluster(400, 13)
  expect(JSON.stringify(collectPageData(cluster, 'workload')).length).toBeLessThan(1_000_000)
  const page = graphPage(cluster, 'workload')
  expect(page).toContain('Rows reach columns.')
  expect(page.length).toBeLessThan(4_000_000)
})

/** What the page of what does not pass says from one node to another, with the policies. */
function deniedRows(data: PageData): readonly string[] {
  const index = createReachIndex(data)
  return data.nodes.flatMap((from) =>
    data.nodes.flatMap((to) => {
      if (from === to) return []
      const reach = data.reaches[index.at(from.class, to.class)]
      const policies = (reach?.held ?? []).flatMap((way) =>
        (data.isolatedBy[way][way === 'egress' ? from.class : to.class] ?? []).map(
          (position) => `${data.policies[position]?.name} (${way})`,
        ),
      )
      return reach === undefined || reach.text === '' ? [] : [`${from.id} → ${to.id} ${reach.text}: ${policies.join()}`]
    }),
  )
}

test('law: of what does not pass the page says what --denied says, and blames the same policies', () => {
  let count = 0
  fc.assert(
    fc.property(clusters(), (raw) => {
      const cluster = askedCluster(raw)
      const data = collectPageData(cluster, 'pod', { ...EVERYTHING, denied: true })
      const graph = deniedGraph(cluster.graph, 'pod', () => true)
      const ids = new Set(graph.nodes.map(({ id }) => id))
      const behind = createRulesBehind(cluster, graph)
      const pairs = Map.groupBy(
        graph.edges.filter(({ from, to }) => ids.has(from) && ids.has(to) && from !== to),
        ({ from, to }) => `${from} → ${to}`,
      )
      const wanted = [...pairs].map(
        ([ends, edges]) =>
          `${ends} ${portsText(edges)}: ${behind
            .isolating(edges)
            .map(({ name }) => name)
            .join()}`,
      )
      expect([...deniedRows(data)].sort()).toEqual(wanted.sort())
      count += wanted.length
    }),
    lawParameters(40),
  )
  expect(count).toBeGreaterThan(0)
})

const podsOf = (cluster: Cluster, ...ids: readonly string[]): ReadonlySet<string> =>
  new Set(
    reachGraph(cluster.graph, 'workload')
      .nodes.filter(({ id }) => ids.includes(id))
      .flatMap(({ members }) => members.map(({ pod }) => podKey(pod))),
  )

test('a page about some: others are listed where they are at the other end', () => {
  const cluster = madeUpCluster(30, 2)
  const id = 'shop/db'
  const asked = { ...EVERYTHING, focus: podsOf(cluster, id), shown: podsOf(cluster, id, 'shop/api') }
  const { nodes } = collectPageData(cluster, 'workload', asked)
  expect(nodes.map((node) => [node.id, node.asked])).toEqual([
    ['shop/api', false],
    [id, true],
  ])
})
