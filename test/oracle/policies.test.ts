import { expect, test } from 'vitest'
import { allowed } from './allowed.ts'
import { clusterOf, pod, policy } from './make-objects.ts'
import type { RawPolicy } from './raw-cluster.ts'
import { parseConnection, testVerdicts } from './verdict-table.ts'

const a = pod('shop/a', '10.0.0.1', { labels: { app: 'a' } })
const b = pod('shop/b', '10.0.0.2', { labels: { app: 'b' }, spec: { nodeName: 'node-2' } })

/** The cluster of one policy on pod a. */
function onA(spec: RawPolicy['spec']) {
  return clusterOf(a, b, policy('shop/a', { podSelector: { matchLabels: { app: 'a' } }, ...spec }))
}

const ingress = '10.0.0.2 > 10.0.0.1 TCP/80'
const egress = '10.0.0.1 > 10.0.0.2 TCP/80'

testVerdicts([
  { rule: 'no policy: everything', cluster: clusterOf(a, b), allows: [ingress, egress] },
  { rule: 'policyTypes missing: ingress always', cluster: onA({}), allows: [egress], denies: [ingress] },
  { rule: 'policyTypes []: as missing', cluster: onA({ policyTypes: [] }), allows: [egress], denies: [ingress] },
  { rule: 'policyTypes null: as missing', cluster: onA({ policyTypes: null }), allows: [egress], denies: [ingress] },
  {
    rule: 'policyTypes missing: egress with at least one egress rule',
    cluster: onA({ egress: [{ ports: [{ port: 53 }] }] }),
    denies: [ingress, egress],
  },
  {
    rule: 'policyTypes missing: an empty egress list isolates no egress',
    cluster: onA({ egress: [] }),
    allows: [egress],
    denies: [ingress],
  },
  {
    rule: 'policyTypes Egress alone leaves ingress, even with ingress rules',
    cluster: onA({ policyTypes: ['Egress'], ingress: [{ ports: [{ port: 1 }] }] }),
    allows: [ingress],
    denies: [egress],
  },
  {
    rule: 'policyTypes Ingress alone leaves egress, even with egress rules',
    cluster: onA({ policyTypes: ['Ingress'], ingress: [{}], egress: [{ ports: [{ port: 1 }] }] }),
    allows: [ingress, egress],
  },
  { rule: 'ingress null: nothing allowed', cluster: onA({ ingress: null }), denies: [ingress] },
  { rule: 'ingress []: nothing allowed', cluster: onA({ ingress: [] }), denies: [ingress] },
  { rule: 'a null rule: everything', cluster: onA({ ingress: [null] }), allows: [ingress, '10.0.0.2 > 10.0.0.1 ICMP'] },
  {
    rule: 'podSelector missing: every pod of the namespace',
    cluster: clusterOf(a, b, policy('shop/all', {})),
    denies: [ingress, egress],
  },
  {
    rule: 'both sides must allow: the source may, the destination may not',
    cluster: clusterOf(
      a,
      b,
      policy('shop/a', { podSelector: { matchLabels: { app: 'a' } }, policyTypes: ['Egress'], egress: [{}] }),
      policy('shop/b', { podSelector: { matchLabels: { app: 'b' } }, policyTypes: ['Ingress'] }),
    ),
    denies: [egress],
    allows: [ingress],
  },
  {
    rule: 'two policies of one selector: without one of them the other stands',
    cluster: onA({ ingress: [{ ports: [{ port: 80 }] }] }),
    allows: [ingress],
    denies: ['10.0.0.2 > 10.0.0.1 TCP/81'],
  },
])

test('each direction says whether it is isolated, and whether it allows', () => {
  expect(allowed(onA({ policyTypes: ['Egress'] }), parseConnection(egress))).toEqual({
    allowed: false,
    egress: { isolated: true, allowed: false },
    ingress: { isolated: false, allowed: true },
  })
})

test('a pod to itself is allowed in both directions although isolated', () => {
  const verdict = allowed(onA({ policyTypes: ['Ingress', 'Egress'] }), parseConnection('10.0.0.1 > 10.0.0.1 TCP/80'))
  const direction = { isolated: true, allowed: true }
  expect(verdict).toEqual({ allowed: true, egress: direction, ingress: direction })
})

test('a node enforces only for its own pods', () => {
  const cluster = clusterOf(a, b, policy('shop/all', { policyTypes: ['Ingress', 'Egress'] }))
  const onNode2 = allowed(cluster, parseConnection(egress), (pod) => pod.spec?.nodeName === 'node-2')
  expect(onNode2).toEqual({
    allowed: false,
    egress: { isolated: false, allowed: true },
    ingress: { isolated: true, allowed: false },
  })
  expect(allowed(cluster, parseConnection(egress), () => false).allowed).toBe(true)
})
