import { expect, test } from 'vitest'
import { allowed } from './allowed.ts'
import { clusterOf, pod, policy } from './make-objects.ts'
import type { RawPeer, RawPolicy, RawPort } from './raw-cluster.ts'
import { parseConnection, testVerdicts } from './verdict-table.ts'

const a = pod('shop/a', '10.0.0.1', { labels: { app: 'a' } })
const ingress = '10.0.0.2 > 10.0.0.1 TCP/80'
const egress = '10.0.0.1 > 10.0.0.2 TCP/80'

function onA(spec: RawPolicy['spec']) {
  return clusterOf(a, policy('shop/a', { policyTypes: ['Ingress', 'Egress'], egress: [{}], ...spec }))
}

const unreadable = { matchExpressions: [{ key: 'app', operator: 'In' }] }

const badPorts: readonly RawPort[] = [
  { port: 70000 },
  { port: 0 },
  { port: 80, endPort: 79 },
  { port: 80, endPort: 65536 },
  { endPort: 90 },
  { port: 'http', endPort: 90 },
  { port: '80' },
  { port: 'UPPER' },
  { port: 'a-name-of-16-let' },
  { protocol: 'ICMP' },
]

test.each(badPorts)('ports %j close their direction, the other goes on', (port) => {
  const cluster = onA({ ingress: [{}, { ports: [port] }] })
  expect(allowed(cluster, parseConnection(ingress))).toMatchObject({ ingress: { isolated: true, allowed: false } })
  expect(allowed(cluster, parseConnection(egress)).allowed).toBe(true)
})

const badPeers: readonly RawPeer[] = [
  { ipBlock: { cidr: '10.0.0.0/33' } },
  { ipBlock: { cidr: '10.0.0.0' } },
  { ipBlock: { cidr: '10.0.0/8' } },
  { ipBlock: { cidr: '1:::/8' } },
  { ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/16'] } },
  { ipBlock: { cidr: '10.0.0.0/8', except: ['::/0'] } },
  { ipBlock: { cidr: '10.0.0.0/8', except: ['0.0.0.0/0'] } },
  { ipBlock: { cidr: '10.0.0.0/8' }, podSelector: {} },
  { podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: [] }] } },
  { podSelector: { matchExpressions: [{ key: 'app', operator: 'Exists', values: ['a'] }] } },
  { namespaceSelector: { matchExpressions: [{ key: 'app', operator: 'Like', values: ['a'] }] } },
]

test.each(badPeers)('peer %j closes its direction, the other goes on', (peer) => {
  const cluster = onA({ ingress: [{}, { from: [peer] }] })
  expect(allowed(cluster, parseConnection(ingress))).toMatchObject({ ingress: { isolated: true, allowed: false } })
  expect(allowed(cluster, parseConnection(egress)).allowed).toBe(true)
})

testVerdicts([
  {
    rule: 'policyTypes that cannot be read close both directions',
    cluster: onA({ policyTypes: ['Ingress', 'Sideways'], ingress: [{}] }),
    denies: [ingress, egress],
  },
  {
    rule: 'what cannot be read in a direction that the policy does not govern closes nothing',
    cluster: onA({ policyTypes: ['Egress'], ingress: [{ ports: [{ port: 70000 }] }] }),
    allows: [ingress, egress],
  },
  {
    rule: 'other policies go on: one that grants still grants',
    cluster: clusterOf(
      a,
      policy('shop/bad', { ingress: [{ ports: [{ port: 70000 }] }] }),
      policy('shop/good', { ingress: [{ ports: [{ port: 80 }] }] }),
    ),
    allows: [ingress],
    denies: ['10.0.0.2 > 10.0.0.1 TCP/81'],
  },
  {
    rule: 'a podSelector that cannot be read closes every pod of its namespace, and none of another',
    cluster: clusterOf(
      a,
      pod('ops/b', '10.0.0.2'),
      policy('shop/bad', { podSelector: unreadable, policyTypes: ['Ingress', 'Egress'], ingress: [{}], egress: [{}] }),
    ),
    denies: [ingress, egress],
    allows: ['10.0.0.3 > 10.0.0.2 TCP/80'],
  },
  {
    rule: 'it closes the directions that the policy has',
    cluster: clusterOf(a, policy('shop/bad', { podSelector: unreadable, ingress: [{}] })),
    denies: [ingress],
    allows: [egress],
  },
  {
    rule: 'beside it other policies still grant',
    cluster: clusterOf(
      a,
      policy('shop/bad', { podSelector: unreadable, ingress: [{}] }),
      policy('shop/good', { ingress: [{ ports: [{ port: 80 }] }] }),
    ),
    allows: [ingress],
    denies: ['10.0.0.2 > 10.0.0.1 TCP/81'],
  },
])
