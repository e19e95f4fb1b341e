import { engineOf } from '../laws/compile-cluster.ts'
import type { Grants } from '../../compiler/graph/grants.ts'
import { judgeDirection, type Transport } from '../../compiler/graph/judge.ts'
import { clusterOf, pod } from '../oracle/make-objects.ts'
import { addressOf } from './make-rules.ts'

const http = (containerPort: number, protocol = 'TCP') => [{ name: 'http', containerPort, protocol }]

/** Pods of each label in two namespaces, with one port name on several numbers, inside and outside of the blocks. */
const graph = engineOf(
  clusterOf(
    pod('shop/a', '10.0.0.1', { labels: { app: 'a' }, ports: http(80) }),
    pod('shop/b', '10.0.0.9', { labels: { app: 'b' }, ports: http(85) }),
    pod('shop/none', '10.0.0.70', { ports: http(80, 'UDP') }),
    pod('ops/a', '10.0.0.20', { labels: { app: 'a' }, ports: http(8080) }),
    pod('ops/b', '10.9.0.1', { labels: { app: 'b' } }),
  ),
).graph()

const ADDRESSES = ['10.0.0.1', '10.0.0.9', '10.0.0.70', '10.0.0.20', '10.9.0.1', '10.0.0.5', '10.0.0.2', '203.0.113.7']

const TRANSPORTS: readonly Transport[] = [
  ...[79, 80, 81, 85, 90, 91, 8080].map((port) => ({ protocol: 'TCP' as const, port })),
  ...[80, 81].map((port) => ({ protocol: 'UDP' as const, port })),
  { protocol: 'SCTP', port: 80 },
  { protocol: 'other' },
]

/** Everything that the grants allow in a small world, as text: who, and what of them. */
export function allowedPoints(grants: Grants): ReadonlySet<string> {
  const allowed = new Set<string>()
  for (const text of ADDRESSES) {
    const address = addressOf(text)
    const owner = graph.owners.get(text)
    for (const transport of TRANSPORTS) {
      const verdict = judgeDirection(graph, grants, { address, owner }, transport, owner)
      if (verdict.allowed) allowed.add(`${text} ${JSON.stringify(transport)}`)
    }
  }
  return allowed
}
