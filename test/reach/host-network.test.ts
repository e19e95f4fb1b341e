import { expect, test } from 'vitest'
import { compareReach } from '../../compiler/reach/compare-reach.ts'
import { reachGraph } from '../../compiler/reach/reach-graph.ts'
import { pod, policy, workload } from '../explain/manifests.ts'
import { graphOf } from './graph-of.ts'

/** The edges between the agent and a pod, as `from → to protocol ports`. */
function edgesOf(...texts: readonly string[]): readonly string[] {
  const { nodes, edges } = reachGraph(graphOf(...texts), 'workload')
  const ids = new Set(nodes.map(({ id }) => id))
  return edges
    .filter(({ from, to }) => ids.has(from) && ids.has(to))
    .map(({ from, to, protocol, ports }) => `${from} → ${to} ${protocol} ${ports}`)
}

const onNode = (nodeName: string) => ({ spec: { nodeName } })
const agentOn = (nodeName: string, address: string) =>
  pod(`shop/agent-${nodeName}`, address, { owner: 'DaemonSet/agent', spec: { nodeName, hostNetwork: true } })
const AGENT = workload('shop/agent', { kind: 'DaemonSet', hostNetwork: true })
const WEB = pod('shop/web', '10.244.1.2', onNode('node-1'))
const closed = (rules: string) => policy('shop/web', `{podSelector: {matchLabels: {app: web}}, ingress: [${rules}]}`)
const bound = (rules: string) =>
  policy('shop/web', `{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [${rules}]}`)

test('a workload on the network of its nodes is a node of the graph that no policy isolates', () => {
  const { nodes } = reachGraph(graphOf(AGENT, WEB, policy('shop/all', '{podSelector: {}}')), 'workload')
  expect(nodes.map(({ id, hostNetwork, ingress }) => ({ id, hostNetwork, open: ingress === 'open' }))).toEqual([
    { id: 'shop/agent', hostNetwork: true, open: true },
    { id: 'shop/web', hostNetwork: false, open: false },
  ])
})

test('it is reached by all and reaches all that are open', () => {
  expect(edgesOf(AGENT, WEB)).toEqual(['shop/agent → shop/web * *', 'shop/web → shop/agent * *'])
  const { edges } = reachGraph(graphOf(AGENT, WEB), 'workload')
  expect(edges).toContainEqual({ from: '0.0.0.0/0', to: 'shop/agent', protocol: '*', ports: '*' })
  expect(edges).toContainEqual({ from: 'shop/agent', to: '0.0.0.0/0', protocol: '*', ports: '*' })
})

test('no selector lets it in, and a block only where it holds whatever address its node may have', () => {
  const back = 'shop/web → shop/agent * *'
  expect(edgesOf(AGENT, WEB, closed('{from: [{podSelector: {}}]}'))).toEqual([back])
  expect(edgesOf(AGENT, WEB, closed('{ports: [{port: 80}]}'))).toEqual(['shop/agent → shop/web TCP 80', back])
  expect(edgesOf(AGENT, WEB, closed('{from: [{ipBlock: {cidr: 192.168.0.0/16}}]}'))).toEqual([back])
  const but = (except: string) => closed(`{from: [{ipBlock: {cidr: 0.0.0.0/0, except: [${except}]}}]}`)
  // No node has a link-local address towards others.
  expect(edgesOf(AGENT, WEB, but('169.254.169.254/32'))).toEqual(['shop/agent → shop/web * *', back])
  expect(edgesOf(AGENT, WEB, but('192.168.10.0/24'))).toEqual([back])
})

test('as a destination it has the address of its node, where that is known', () => {
  const there = 'shop/agent → shop/web * *'
  const rule = '{to: [{ipBlock: {cidr: 192.168.10.2/32}}], ports: [{port: 9100}]}'
  expect(edgesOf(AGENT, WEB, bound(rule))).toEqual([there])
  expect(edgesOf(agentOn('node-2', '192.168.10.2'), WEB, bound(rule))).toEqual([
    there,
    'shop/web → shop/agent TCP 9100',
  ])
  expect(edgesOf(agentOn('node-3', '192.168.10.3'), WEB, bound(rule))).toEqual([there])
})

test('of several, those whose addresses a block tells apart are shown apart', () => {
  const agents = [agentOn('node-2', '192.168.10.2'), agentOn('node-3', '192.168.10.3')]
  const ids = (...texts: readonly string[]) =>
    reachGraph(graphOf(...agents, ...texts), 'workload').nodes.map(({ id }) => id)
  expect(ids(WEB)).toEqual(['shop/agent', 'shop/web'])
  expect(ids(WEB, bound('{to: [{ipBlock: {cidr: 192.168.10.2/32}}]}'))).toEqual([
    'shop/agent-node-2',
    'shop/agent-node-3',
    'shop/web',
  ])
})

test('a node and its own pods always reach each other', () => {
  const both = ['shop/agent → shop/web * *', 'shop/web → shop/agent * *']
  expect(edgesOf(agentOn('node-1', '192.168.10.1'), WEB, closed(''))).toEqual(both)
  expect(edgesOf(agentOn('node-1', '192.168.10.1'), WEB, bound(''))).toEqual(both)
  const elsewhere = agentOn('node-2', '192.168.10.2')
  expect(edgesOf(elsewhere, WEB, closed(''))).toEqual(['shop/web → shop/agent * *'])
  // Of two pods one is on another node: then it is not always.
  expect(edgesOf(agentOn('node-1', '192.168.10.1'), elsewhere, WEB, closed(''))).not.toContain(both[0])
})

test('a namespace is whole without those on the network of their nodes', () => {
  const { nodes } = reachGraph(graphOf(AGENT, workload('shop/web'), workload('shop/api')), 'namespace')
  expect(nodes.map(({ id }) => id)).toEqual(['shop/*', 'shop/agent'])
})

test('who goes onto the network of its node leaves policy, and is not gone', () => {
  const all = policy('shop/agent', '{podSelector: {matchLabels: {app: agent}}, policyTypes: [Ingress]}')
  const before = graphOf(workload('shop/agent', { kind: 'DaemonSet' }), WEB, all)
  const after = graphOf(AGENT, WEB, all)
  const there = compareReach(before, after, 'workload')
  expect(there).toMatchObject({
    closes: [],
    added: [],
    removed: [],
    leavesPolicy: ['shop/agent'],
    comesUnderPolicy: [],
  })
  expect(there.opens.map(({ from, to }) => `${from} → ${to}`)).toEqual([
    '0.0.0.0/0 → shop/agent',
    'shop/web → shop/agent',
    'the whole cluster → shop/agent',
  ])
  const back = compareReach(after, before, 'workload')
  expect(back).toMatchObject({ opens: [], leavesPolicy: [], comesUnderPolicy: ['shop/agent'], closes: there.opens })
})
