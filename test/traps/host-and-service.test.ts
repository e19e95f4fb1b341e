import { expect, test } from 'vitest'
import { pod, policy } from '../oracle/make-objects.ts'
import type { RawRule } from '../oracle/raw-cluster.ts'
import { testTraps } from './trap-table.ts'
import { worldOf } from './world.ts'

/** Service `db` at 10.96.0.7, port 80, with this pod as its endpoint, targetPort 5432. */
const CLUSTER_IP = '10.96.0.7'
const endpoint = pod('shop/db', '10.244.1.1', { labels: { app: 'db' } })
const client = pod('shop/client', '10.244.1.2', { labels: { app: 'client' } })
const egress = (...rules: readonly RawRule[]) =>
  policy('shop/out', { podSelector: { matchLabels: { app: 'client' } }, policyTypes: ['Egress'], egress: rules })
const db = { podSelector: { matchLabels: { app: 'db' } } }

testTraps([
  {
    trap: 'trap 35: egress to a Service is judged on the endpoint and its targetPort',
    objects: [endpoint, client, egress({ to: [db], ports: [{ port: 5432 }] })],
    allows: ['10.244.1.2 > 10.244.1.1 TCP/5432'],
    denies: ['10.244.1.2 > 10.244.1.1 TCP/80'],
  },
  {
    trap: 'trap 35: the Service’s own port opens nothing at the endpoint',
    objects: [endpoint, client, egress({ to: [db], ports: [{ port: 80 }] })],
    denies: ['10.244.1.2 > 10.244.1.1 TCP/5432'],
  },
  {
    trap: 'trap 35: nor does a block over the Service’s address',
    objects: [endpoint, client, egress({ to: [{ ipBlock: { cidr: `${CLUSTER_IP}/32` } }] })],
    allows: [`10.244.1.2 > ${CLUSTER_IP} TCP/80`],
    denies: ['10.244.1.2 > 10.244.1.1 TCP/5432', '10.244.1.2 > 10.244.1.1 TCP/80'],
  },
])

test('trap 35: the only hook stands where destinations are translated and sources are not yet', () => {
  const base = [...(worldOf(endpoint, client, egress()).table.state?.chains.values() ?? [])].flatMap(
    (chain) => chain.base ?? [],
  )
  expect(base).toEqual([{ hook: 'forward', priority: 5, policy: 'accept' }])
})
