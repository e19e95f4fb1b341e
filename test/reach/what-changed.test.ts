import { expect, test } from 'vitest'
import { compareReach } from '../../compiler/reach/compare-reach.ts'
import { clusterOf } from '../explain/cluster-of.ts'
import { documents, namespace, pod, policy } from '../explain/manifests.ts'

// A comparison asks nothing between two pods that are the same on both sides. Here one thing about one pod is another.
const WEB = pod('shop/web', '10.244.1.2')
const CLIENT = { labels: { app: 'client' }, ports: ['http:8080'], spec: { nodeName: 'node-1' } }
const client = (change: object = {}, address = '10.244.2.3') => pod('front/client', address, { ...CLIENT, ...change })
const closed = (rule: string) => policy('shop/web', `{podSelector: {}, ingress: [${rule}]}`)
const bound = (rule: string) => policy('shop/web', `{podSelector: {}, policyTypes: [Egress], egress: [${rule}]}`)
const agent = pod('kube-system/agent', '192.168.10.2', { spec: { nodeName: 'node-2', hostNetwork: true } })
const shut = policy('front/client', '{podSelector: {}}')

test.each<[string, readonly string[], readonly string[], string]>([
  [
    'the labels of its namespace',
    [client(), namespace('front', '{team: a}'), closed('{from: [{namespaceSelector: {matchLabels: {team: b}}}]}')],
    [client(), namespace('front', '{team: b}'), closed('{from: [{namespaceSelector: {matchLabels: {team: b}}}]}')],
    'front/client → shop/web * *',
  ],
  [
    'its labels',
    [client(), closed('{from: [{namespaceSelector: {}, podSelector: {matchLabels: {tier: x}}}]}')],
    [
      client({ labels: { tier: 'x' } }),
      closed('{from: [{namespaceSelector: {}, podSelector: {matchLabels: {tier: x}}}]}'),
    ],
    'front/client → shop/web * *',
  ],
  [
    'its address',
    [client(), closed('{from: [{ipBlock: {cidr: 10.244.3.0/24}}]}')],
    [client({}, '10.244.3.3'), closed('{from: [{ipBlock: {cidr: 10.244.3.0/24}}]}')],
    'front/client → shop/web * *',
  ],
  [
    'the number of a port with a name',
    [client(), bound('{to: [{namespaceSelector: {}}], ports: [{port: http}]}')],
    [client({ ports: ['http:9090'] }), bound('{to: [{namespaceSelector: {}}], ports: [{port: http}]}')],
    'shop/web → front/client TCP 9090',
  ],
  [
    'its node',
    [client(), agent, shut],
    [client({ spec: { nodeName: 'node-2' } }), agent, shut],
    'kube-system/agent → front/client * *',
  ],
])('%s alone makes news', (_, before, after, said) => {
  const graphOf = (texts: readonly string[]) => clusterOf(documents(WEB, ...texts)).graph
  const opens = (from: readonly string[], to: readonly string[]) =>
    compareReach(graphOf(from), graphOf(to), 'pod').opens.map(
      (edge) => `${edge.from} → ${edge.to} ${edge.protocol} ${edge.ports}`,
    )
  expect(opens(before, after)).toContain(said)
  expect(opens(before, before)).toEqual([])
})
