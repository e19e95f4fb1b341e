import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseBlock } from '../../compiler/addresses/parse-block.ts'
import { createCluster } from '../../compiler/cluster/create-cluster.ts'
import { flowListJson } from '../../compiler/flows/flow-list-json.ts'
import { listFlows, type ListFlowsOptions, type NodeFlows } from '../../compiler/flows/list-flows.ts'
import { readFlowList } from '../../compiler/flows/read-flow-list.ts'
import type { NotedFlow } from '../../compiler/flows/seen-flow.ts'
import { readObjects } from '../../compiler/objects/read-objects.ts'
import { flowsText } from '../../src/views/flows-text.ts'
import { suggestFromFlows } from '../../compiler/suggest/suggest-from-flows.ts'
import { type Schema, schemaProblems } from '../support/json-schema.ts'
import { PROJECT_ROOT } from '../support/project-root.ts'

const pod = (name: string, ip: string, created = '2026-01-01T10:00:00Z', node = 'a') => `---
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: shop, labels: {app: ${name}}, creationTimestamp: "${created}"}
spec: {nodeName: ${node}, containers: [{name: main, ports: [{name: http, containerPort: 8080}]}]}
status: {podIP: ${ip}}
`
const CLUSTER = `${pod('web', '10.244.0.5')}${pod('db', '10.244.0.6')}${pod('new', '10.244.0.8', '2026-01-01T11:59:30Z')}${pod('far', '10.244.1.9', '2026-01-01T10:00:00Z', 'b')}---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec: {selector: {app: db}, ports: [{port: 80, targetPort: http}]}
---
apiVersion: v1
kind: Service
metadata: {name: high, namespace: shop}
spec: {selector: {app: db}, ports: [{port: 45000}]}
---
apiVersion: v1
kind: Pod
metadata: {name: grpc, namespace: shop, labels: {app: grpc}}
spec: {nodeName: a, containers: [{name: main, ports: [{containerPort: 50051}]}]}
status: {podIP: 10.244.0.10}
---
apiVersion: v1
kind: Node
metadata: {name: b}
spec: {podCIDR: 10.244.1.0/24}
status: {addresses: [{type: InternalIP, address: 192.0.2.7}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec: {podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: api}}}]}]}
`
const { objects, others } = readObjects([{ file: 'shop.yaml', text: CLUSTER }], { defaultNamespace: 'default' })
const cluster = createCluster(objects, others)
const NOON = Date.parse('2026-01-01T12:00:00Z')
const instantOf = (age: number) => `${new Date(NOON - age * 1000).toISOString().slice(0, 19)}Z`

function noted(node: string, source: string, destination: string, some: Partial<NotedFlow> = {}): NotedFlow {
  const carries = { protocol: 'TCP', port: 8080 } as const
  const counted = { directed: true, packets: 3, lastAge: 10, firstAge: 100 }
  return { node, source, destination, carries, fate: 'denied', ...counted, ...some }
}

function answer(node: string, flows: readonly NotedFlow[], some: Partial<NodeFlows> = {}): NodeFlows {
  return { node, sinceAge: 600, observes: true, flows, folded: [], lost: { denied: 0 }, full: [], ...some }
}

const SILENT: ListFlowsOptions['silent'] = [{ node: 'c', problem: 'no answer' }]
const list = (nodes: readonly NodeFlows[], silent: ListFlowsOptions['silent'] = SILENT) => {
  const podNetworks = ['10.244.0.0/23'].flatMap((range) => parseBlock(range)?.block ?? [])
  return listFlows(cluster, nodes, { instantOf, silent, podNetworks })
}

test('what two nodes noted is one flow: denied packets are added, and of allowed ones the receiver’s node knows', () => {
  const early = { packets: 4, lastAge: 5, firstAge: 700 }
  const twice = (fate: NotedFlow['fate']) => [
    answer('a', [noted('a', '10.244.0.5', '10.244.0.6', { fate })]),
    answer('b', [noted('b', '10.244.0.5', '10.244.0.6', { fate, ...early })]),
  ]
  const times = { firstSeen: '2026-01-01T11:48:20Z', lastSeen: '2026-01-01T11:59:55Z' }
  expect(list(twice('denied')).flows).toMatchObject([{ verdict: 'denied', count: 7, ...times }])
  const own = { firstSeen: '2026-01-01T11:58:20Z', lastSeen: '2026-01-01T11:59:50Z' }
  expect(list(twice('allowed')).flows).toMatchObject([{ verdict: 'allowed', count: 3, unconfirmed: false, ...own }])
  // Of one node the one and the other are two: policies have changed meanwhile.
  const [both] = [
    answer(
      'a',
      [...twice('denied'), ...twice('allowed')].flatMap(({ flows }) => flows),
    ),
  ]
  expect(list([both]).flows).toHaveLength(2)
})

test('what the receiver’s node denied the sender’s has let out, and nobody has allowed', () => {
  const there = (node: string, fate: NotedFlow['fate'], ages: Partial<NotedFlow> = {}) =>
    noted(node, '10.244.0.5', '10.244.1.9', { fate, ...ages })
  const told = (flows: readonly NotedFlow[], silent = SILENT) => {
    const answers = ['a', 'b'].map((node) =>
      answer(
        node,
        flows.filter((flow) => flow.node === node),
      ),
    )
    return list(answers, silent).flows.map(
      ({ verdict, unconfirmed }) => `${verdict}${unconfirmed ? ' unconfirmed' : ''}`,
    )
  }
  const out = there('a', 'allowed')
  expect(told([out, there('b', 'denied')])).toEqual(['denied'])
  // One node was asked up to a minute after the other.
  expect(told([out, there('b', 'denied', { lastAge: 50 })])).toEqual(['denied'])
  // Denied, then allowed: what was let in counts, and the count of who did.
  expect(told([out, there('b', 'denied', { lastAge: 3_000 }), there('b', 'allowed')])).toEqual(['denied', 'allowed'])
  expect(told([out, there('b', 'denied', { lastAge: 3_000 })])).toEqual(['denied', 'allowed unconfirmed'])
  // An hour later it has forgotten that it denied it.
  expect(told([out])).toEqual(['allowed unconfirmed'])
  // On a node without an agent nobody denies.
  expect(told([out], [{ node: 'b', problem: 'no agent', isWithoutAgent: true }])).toEqual(['allowed'])
  // Egress was denied, which is no word against what came earlier.
  expect(told([there('a', 'denied'), there('b', 'allowed', { lastAge: 500 })])).toEqual(['denied', 'allowed'])
  // What goes outside is judged by its sender's node alone, and so is what goes to a node.
  for (const to of ['203.0.113.9', '192.0.2.7', '10.244.1.0']) {
    expect(told([noted('a', '10.244.0.5', to, { fate: 'allowed' })])).toEqual(['allowed'])
  }
  // A pod that is gone was where its address is from; and nobody tells of other nodes than his own.
  expect(told([noted('a', '10.244.0.5', '10.244.1.77', { fate: 'allowed' })])).toEqual(['allowed unconfirmed'])
  const lie = answer('a', [there('b', 'allowed')])
  expect(list([lie]).flows.map(({ unconfirmed }) => unconfirmed)).toEqual([true])
})

test('ends by what they are, the Service that leads there, and why by today’s policies', () => {
  const sources = ['10.244.0.5', '192.0.2.7', '10.244.1.0', '203.0.113.9', '10.244.1.77', '10.244.0.99']
  const { flows } = list([
    answer(
      'a',
      sources.map((source) => noted('a', source, '10.244.0.6')),
    ),
  ])
  expect(flows.map(({ source }) => source)).toEqual([
    { kind: 'pod', address: '10.244.0.5', namespace: 'shop', name: 'web' },
    { kind: 'node', address: '192.0.2.7', name: 'b' },
    { kind: 'node', address: '10.244.1.0', name: 'b' },
    { kind: 'outside', address: '203.0.113.9' },
    { kind: 'unresolved', address: '10.244.1.77' },
    { kind: 'unresolved', address: '10.244.0.99' },
  ])
  expect(flows[0]).toMatchObject({
    service: { namespace: 'shop', name: 'db', port: 80 },
    direction: 'ingress',
    reason: 'shop/db ingress[0]: shop/web has app=web, not app=api',
  })
})

test('a packet without conntrack state may be an answer, denied or allowed, and nobody makes a policy of it', () => {
  const told = (['denied', 'allowed'] as const).map((fate) => {
    const carries = { protocol: 'UDP', port: 20_007 } as const
    return list([answer('a', [noted('a', '10.244.0.5', '10.244.0.6', { directed: false, fate, carries })])])
  })
  expect(told.map(({ flows }) => flows[0]?.direction)).toEqual(['unknown', 'unknown'])
  for (const one of told) {
    const text = JSON.stringify(flowListJson(one))
    expect(readFlowList({ file: 'f', text }).list).toEqual(one)
    expect(flowsText(one, false, { width: 100 })).toContain('shop/db (direction not known)')
  }
  const open = createCluster(
    objects.filter(({ kind }) => kind !== 'NetworkPolicy'),
    others,
  )
  const flows = told.flatMap((one) => one.flows)
  const { used, missing } = suggestFromFlows(open, { flows, folded: [] }, { namespace: 'shop', closeUnseen: false })
  expect([used, missing.map(({ text }) => text)]).toEqual([0, ['shop/web → shop/db: which end asked is not known']])
})

test('an answer that comes late is no connection: its way there has been seen, or is allowed', () => {
  const late = { carries: { protocol: 'UDP', port: 40_000 }, fate: 'allowed' } as const
  const there = noted('a', '10.244.0.5', '10.244.0.8', { carries: { protocol: 'UDP', port: 53 }, fate: 'allowed' })
  const back = noted('a', '10.244.0.8', '10.244.0.5', late)
  const isLate = (flows: readonly NotedFlow[]) => list([answer('a', flows)]).flows.map(({ lateAnswer }) => lateAnswer)
  expect(isLate([there, back])).toEqual([false, true])
  // Nothing isolates these two: that the way there is allowed says nothing, and who listens so high may well have been asked.
  expect(isLate([back])).toEqual([false])
  expect(isLate([there, { ...back, carries: { protocol: 'TCP', port: 40_000 } }])).toEqual([false, false])
})

test('a port that its pod declares, or to which a Service leads, is asked for, however high; of two answers to each other neither is one', () => {
  const [web, db, idle, grpc] = ['10.244.0.5', '10.244.0.6', '10.244.0.8', '10.244.0.10'] as const
  const lateOnes = (...flows: readonly (readonly [from: string, to: string, port: number])[]) => {
    const all = flows.map(([from, to, port]) =>
      noted('a', from, to, { carries: { protocol: 'TCP', port }, fate: 'allowed' }),
    )
    return list([answer('a', all)]).flows.map(({ lateAnswer }) => lateAnswer)
  }
  expect(lateOnes([grpc, web, 8080], [web, grpc, 50_051], [web, grpc, 50_052])).toEqual([false, false, true])
  expect(lateOnes([db, web, 8080], [web, db, 45_000])).toEqual([false, false])
  expect(lateOnes([web, idle, 50_051], [idle, web, 50_051])).toEqual([false, false])
  // A high port that is declared has been asked for, and answers come from it.
  expect(lateOnes([web, grpc, 50_051], [grpc, web, 40_000])).toEqual([false, true])
})

test('where a pod is younger than the flow, another may have been meant', () => {
  const flows = [
    noted('a', '10.244.0.5', '10.244.0.8', { firstAge: 40, lastAge: 20 }),
    noted('a', '10.244.0.5', '10.244.0.8', { firstAge: 20, lastAge: 20, fate: 'allowed' }),
  ]
  expect(list([answer('a', flows)]).flows.map(({ uncertain }) => uncertain)).toEqual([true, false])
})

test('a pod that is gone is told by its name, and is nobody’s address; what it shares with no other stays apart', () => {
  const job = {
    namespace: 'shop',
    name: 'migrate-x',
    uid: 'u',
    createdAt: '',
    workload: { kind: 'Job', name: 'migrate' },
  }
  const flows = [
    noted('a', '10.244.1.77', '10.244.0.6', { formerSource: job }),
    noted('b', '10.244.1.77', '10.244.0.6', { formerSource: job }),
    noted('a', '10.244.1.77', '10.244.0.6'),
  ]
  const { workload } = job
  expect(list([answer('a', flows)]).flows).toMatchObject([
    {
      source: { kind: 'pod', name: 'migrate-x', workload },
      count: 6,
      reason: 'shop/migrate is gone',
      uncertain: false,
    },
    { source: { kind: 'unresolved', address: '10.244.1.77' }, count: 3 },
  ])
})

test('a flow was never first seen after it was last seen', () => {
  const [one] = list([answer('a', [noted('a', '10.244.0.5', '10.244.0.6', { lastAge: 35, firstAge: 34 })])]).flows
  expect(one).toMatchObject({ firstSeen: '2026-01-01T11:59:25Z', lastSeen: '2026-01-01T11:59:25Z' })
})

test('the window is what every node that answered has noted, and no more than the kernel keeps', () => {
  const ages = (...nodes: readonly Partial<NodeFlows>[]) =>
    list(nodes.map((some, index) => answer(`n${index}`, [], some))).window.from
  expect(ages({ sinceAge: 600 }, { sinceAge: 60 })).toBe('2026-01-01T11:59:00Z')
  expect(ages({ sinceAge: 1e6 })).toBe('2025-12-31T12:00:00Z')
  expect(ages({ sinceAge: 1e6, observes: false })).toBe('2026-01-01T11:00:00Z')
})

test('what is listed is a file that is read back, and nothing in its text moves a cursor', () => {
  const folded = { node: 'a', fate: 'denied', source: '203.0.113.9', packets: 9_000, lastAge: 3, firstAge: 60 } as const
  const some = {
    folded: [{ ...folded, flows: 3_000, ports: 3_000, addresses: 1 }],
    lost: { denied: 5, allowed: 0 },
    full: ['denied'],
  } as const
  const made = list([
    answer(
      'a',
      [
        noted('a', '10.244.0.5', '10.244.0.6'),
        noted('a', '10.244.1.77', '10.244.0.8', { fate: 'allowed', firstAge: 20 }),
        noted('a', '10.244.0.5', '10.244.1.9', { fate: 'allowed', lastAge: 11 }),
      ],
      some,
    ),
  ])
  const text = JSON.stringify(flowListJson(made))
  const schema = JSON.parse(readFileSync(join(PROJECT_ROOT, 'docs', 'flows.schema.json'), 'utf8')) as Schema
  expect(schemaProblems(schema, JSON.parse(text))).toEqual([])
  expect(readFlowList({ file: 'f', text })).toEqual({ list: made, diagnostics: [] })
  expect(flowsText(made, false, { width: 100 })).toBe(
    `${[
      'LAST  FIRST  COUNT  VERDICT  FROM                         TO                           PORT',
      '10s   100s   3      denied   shop/web                     shop/db (by svc/shop/db:80)  8080/TCP',
      '10s   20s    3      allowed  10.244.1.77 (of no pod now)  shop/new                     8080/TCP',
      '11s   100s   3      allowed  shop/web                     shop/far (unconfirmed)       8080/TCP',
      '',
      'Too many to be kept one by one, as of a scan of ports:',
      '203.0.113.9: 3,000 flows to 3,000 ports of 1 address, 9,000 packets, the last 3s ago',
    ].join('\n')}\n`,
  )
  const hostile = made.flows.map((one) => ({
    ...one,
    source: { ...one.source, kind: 'node', name: '\u001b[2J' } as const,
  }))
  expect(flowsText({ ...made, flows: hostile }, true, { width: 100 })).not.toContain('\u001b')
})
