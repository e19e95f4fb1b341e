import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareReach } from '../../compiler/reach/compare-reach.ts'
import type { Edge } from '../../compiler/reach/edge.ts'
import { reachGraph } from '../../compiler/reach/reach-graph.ts'
import { clusters } from '../arbitraries/clusters.ts'
import { podAddresses } from '../arbitraries/interesting-addresses.ts'
import { interestingServices, type Service } from '../arbitraries/interesting-services.ts'
import { policies } from '../arbitraries/policies.ts'
import { spread } from '../arbitraries/spread.ts'
import type { Connection } from '../oracle/connection.ts'
import { ownerOf } from '../oracle/owner-of.ts'
import type { RawCluster } from '../oracle/raw-cluster.ts'
import { lawParameters } from '../support/law-parameters.ts'
import { engineOf } from './compile-cluster.ts'
import { edgesWithStranger, withWorkloads } from './edge-words.ts'
import { allowedWherever } from './stranger-pods.ts'

/** Each pod of the cluster at each of its addresses. */
function endsOf(cluster: RawCluster) {
  return podAddresses(cluster).flatMap((address) => {
    const pod = ownerOf(address, cluster.pods)
    const family = address.includes(':') ? ('IPv6' as const) : ('IPv4' as const)
    return pod === undefined ? [] : [{ pod, address, family }]
  })
}

/** A connection with the other end, from there or to there. */
function connections(direction: 'in' | 'out', own: string, service: Service): (other: string) => Connection {
  return (other) =>
    direction === 'in'
      ? { source: other, destination: own, ...service }
      : { source: own, destination: other, ...service }
}

test.each(['pod', 'workload', 'namespace'] as const)(
  'a pod that is not in the input has exactly its edges, by %s',
  (by) => {
    const met = { inAllowed: 0, inDenied: 0, outAllowed: 0, outDenied: 0, named: 0, isolated: 0, union: 0 }
    fc.assert(
      fc.property(clusters(), fc.boolean(), (raw, alike) => {
        const cluster = withWorkloads(raw, alike)
        const { possible, edges } = reachGraph(engineOf(cluster).graph(), by)
        const services = interestingServices(cluster)
        for (const { peer, pod: own, groups } of possible) {
          if (peer.labels.size > 0 || peer.namespaceLabels.size > 0) met.named += 1
          if (own.ingress !== 'open' || own.egress !== 'open') met.isolated += 1
          if (groups.size > 1) met.union += 1
          for (const { pod, address, family } of endsOf(cluster)) {
            for (const service of spread(services.length, 8).flatMap((index) => services[index] ?? [])) {
              const said = (direction: 'in' | 'out') =>
                edgesWithStranger(edges, peer.id, direction, pod, { family, ...service }).length > 0
              const right = (direction: 'in' | 'out') =>
                allowedWherever(cluster, peer, [], connections(direction, address, service), family)
              const is = { in: right('in'), out: right('out') }
              expect({ peer: peer.id, address, service, in: said('in'), out: said('out') }).toEqual({
                peer: peer.id,
                address,
                service,
                ...is,
              })
              met[is.in ? 'inAllowed' : 'inDenied'] += 1
              met[is.out ? 'outAllowed' : 'outDenied'] += 1
            }
          }
        }
      }),
      // In 25 runs one of a hundred met no isolated one.
      lawParameters(75),
    )
    expect(Object.entries(met).filter(([, count]) => count === 0)).toEqual([])
  },
)

test('an edge to a name of a port holds whatever number the pod has under that name', () => {
  let met = 0
  fc.assert(
    fc.property(clusters(), fc.constantFrom(1, 80, 8080, 65535), (cluster, number) => {
      const { possible, edges } = reachGraph(engineOf(cluster).graph(), 'pod')
      for (const { peer } of possible) {
        for (const { pod, address, family } of endsOf(cluster)) {
          const id = `${pod.metadata.namespace ?? 'default'}/${pod.metadata.name}`
          const named = edges.filter(({ from, to, ports }) => from === id && to === peer.id && /[a-z]/.test(ports))
          for (const edge of named) {
            if (edge.family !== undefined && edge.family !== family) continue
            const protocol = edge.protocol as 'TCP' | 'UDP' | 'SCTP'
            const ports = [{ name: edge.ports, containerPort: number, protocol }]
            const connection = (other: string) => ({ source: address, destination: other, protocol, port: number })
            expect({ edge, number, allowed: allowedWherever(cluster, peer, ports, connection, family) }).toEqual({
              edge,
              number,
              allowed: true,
            })
            met += 1
          }
        }
      }
    }),
    lawParameters(60),
  )
  expect(met).toBeGreaterThan(0)
})

test('diff says of a pod that is not in the input what opens and closes for it', () => {
  const met = { opens: 0, closes: 0 }
  fc.assert(
    fc.property(clusters(), policies, (before, others) => {
      const after = { ...before, policies: others }
      const graphs = [engineOf(before).graph(), engineOf(after).graph()] as const
      const { strangers, ...change } = compareReach(...graphs, 'pod')
      const services = interestingServices(after)
      for (const peer of strangers) {
        for (const { pod, address, family } of endsOf(after)) {
          for (const service of spread(services.length, 6).flatMap((index) => services[index] ?? [])) {
            for (const direction of ['in', 'out'] as const) {
              // At an address that tells the rules of either side from each other.
              const both = { ...before, policies: [...before.policies, ...others] }
              const allowed = (cluster: RawCluster) =>
                allowedWherever(cluster, peer, [], connections(direction, address, service), family, both)
              const [was, is] = [allowed(before), allowed(after)]
              const said = (edges: readonly Edge[]) =>
                edgesWithStranger(edges, peer.id, direction, pod, { family, ...service }).length > 0
              expect({
                peer: peer.id,
                address,
                service,
                opens: said(change.opens),
                closes: said(change.closes),
              }).toEqual({
                peer: peer.id,
                address,
                service,
                opens: is && !was,
                closes: was && !is,
              })
              met.opens += Number(is && !was)
              met.closes += Number(was && !is)
            }
          }
        }
      }
    }),
    lawParameters(20),
  )
  expect(Math.min(met.opens, met.closes)).toBeGreaterThan(0)
})
