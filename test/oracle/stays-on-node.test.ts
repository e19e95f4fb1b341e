import { expect, test } from 'vitest'
import { clusterOf, pod } from './make-objects.ts'
import { staysOnNode } from './stays-on-node.ts'
import { parseConnection } from './verdict-table.ts'

const cluster = clusterOf(
  pod('shop/a', '10.0.0.1', { status: { hostIP: '192.0.2.1' } }),
  pod('shop/b', '10.0.0.2', { spec: { nodeName: 'node-2' } }),
  pod('system/agent', '192.0.2.2', { spec: { nodeName: 'node-2', hostNetwork: true } }),
)

test.each([
  ['192.0.2.1 > 10.0.0.1 TCP/80', true],
  ['10.0.0.1 > 192.0.2.1 TCP/80', true],
  ['192.0.2.2 > 10.0.0.2 TCP/80', true],
  ['192.0.2.2 > 10.0.0.1 TCP/80', false],
  ['192.0.2.1 > 10.0.0.2 TCP/80', false],
  ['10.0.0.1 > 10.0.0.2 TCP/80', false],
])('%s never crosses the hook: %s', (text, stays) => expect(staysOnNode(cluster, parseConnection(text))).toBe(stays))
