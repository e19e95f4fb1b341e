import { expect, test } from 'vitest'
import { clusterOf, pod } from './make-objects.ts'
import { seenThroughNodePort } from './node-port.ts'
import type { RawNode, RawService } from './raw-cluster.ts'
import { staysOnNode } from './stays-on-node.ts'

const node = (name: string, address: string, podCIDR: string): RawNode => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name },
  spec: { podCIDRs: [podCIDR] },
  status: { addresses: [{ type: 'InternalIP', address }] },
})
const [HERE, THERE] = [node('node-1', '192.0.2.1', '10.0.1.0/24'), node('node-2', '192.0.2.2', '10.0.2.0/24')]
const cluster = {
  ...clusterOf(
    pod('shop/near', '10.0.1.9', { labels: { app: 'db' }, spec: { nodeName: 'node-1' } }),
    pod('shop/far', '10.0.2.9', { labels: { app: 'db' }, spec: { nodeName: 'node-2' } }),
    pod('shop/client', '10.0.1.8', { labels: { app: 'web' }, spec: { nodeName: 'node-1' } }),
    pod('shop/guest', '10.0.2.8', { labels: { app: 'web' }, spec: { nodeName: 'node-2' } }),
  ),
  nodes: [HERE, THERE],
}

function seen(externalTrafficPolicy: 'Cluster' | 'Local', source: string): readonly string[] {
  const service: RawService = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: 'shop', name: 'db' },
    spec: {
      type: 'NodePort',
      externalTrafficPolicy,
      selector: { app: 'db' },
      ports: [{ protocol: 'TCP', port: 80, targetPort: 5432, nodePort: 30080 }],
    },
  }
  return seenThroughNodePort(cluster, service, HERE, source).map(
    ({ connection: { source: from, destination, port }, only }) =>
      `${from} > ${destination} ${port}${only === undefined ? '' : ` ${only}`}`,
  )
}

const FORWARDED = ['10.0.1.0 > 10.0.2.9 5432', '192.0.2.1 > 10.0.2.9 5432']

test.each([
  ['Local', '203.0.113.7', ['203.0.113.7 > 10.0.1.9 5432']],
  ['Cluster', '203.0.113.7', ['203.0.113.7 > 10.0.1.9 5432', ...FORWARDED]],
  ['Local', '10.0.1.8', ['10.0.1.8 > 10.0.1.9 5432', '10.0.1.8 > 10.0.2.9 5432']],
  ['Cluster', '10.0.1.8', ['10.0.1.8 > 10.0.1.9 5432', '10.0.1.8 > 10.0.2.9 5432 egress', ...FORWARDED]],
  ['Local', '10.0.2.8', ['10.0.2.8 > 192.0.2.1 30080', '192.0.2.2 > 10.0.1.9 5432']],
  ['Cluster', '10.0.2.8', ['10.0.2.8 > 192.0.2.1 30080', '192.0.2.2 > 10.0.1.9 5432', ...FORWARDED]],
] as const)('externalTrafficPolicy %s, dialled by %s at node-1', (policy, source, wanted) => {
  expect(seen(policy, source)).toEqual(wanted)
})

test.each([
  ['192.0.2.1', '10.0.1.9', true],
  ['10.0.1.0', '10.0.1.9', true],
  ['10.0.1.9', '10.0.1.1', true],
  ['10.0.2.0', '10.0.1.9', false],
  ['192.0.2.2', '10.0.1.9', false],
])('a Node object tells which node it is: from %s to %s stays there: %s', (source, destination, stays) => {
  expect(staysOnNode(cluster, { source, destination, protocol: 'TCP', port: 80 })).toBe(stays)
})
