import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clusterOf, pod, policy } from '../oracle/make-objects.ts'
import { numRuns } from '../support/runs.ts'
import { clusters } from './clusters.ts'
import { connections, interestingConnections } from './connections.ts'

const cluster = clusterOf(
  pod('shop/a', '10.244.1.10', { ports: [{ name: 'http', containerPort: 8080 }] }),
  pod('shop/b', '10.244.1.11'),
  policy('shop/p', {
    ingress: [
      {
        from: [{ ipBlock: { cidr: '192.0.2.0/24', except: ['192.0.2.64/26'] } }],
        ports: [{ port: 80, endPort: 90, protocol: 'UDP' }],
      },
    ],
  }),
)

const all = interestingConnections(cluster, 100_000).map(
  ({ source, destination, protocol, port }) => `${source} > ${destination} ${protocol}/${port ?? ''}`,
)

test.each([
  ...['192.0.1.255', '192.0.2.0', '192.0.2.255', '192.0.3.0'].map((edge) => `${edge} > 10.244.1.10 UDP/80`),
  ...['192.0.2.63', '192.0.2.64', '192.0.2.127', '192.0.2.128'].map((edge) => `10.244.1.10 > ${edge} UDP/80`),
  ...[79, 80, 85, 90, 91].map((port) => `10.244.1.11 > 10.244.1.10 UDP/${port}`),
  '10.244.1.11 > 10.244.1.10 SCTP/80',
  '10.244.1.11 > 10.244.1.10 TCP/8080',
  '10.244.1.11 > 10.244.1.10 ICMP/',
  '10.244.1.11 > 10.244.1.10 other/',
  '10.244.1.10 > 10.244.1.10 UDP/80',
  '192.168.10.1 > 10.244.1.10 UDP/80',
])('%s is interesting', (text) => expect(all).toContain(text))

test('interesting connections are within the limit, the same every time, and of one family each', () => {
  fc.assert(
    fc.property(clusters(), fc.integer({ min: 1, max: 300 }), (some, limit) => {
      const chosen = interestingConnections(some, limit)
      expect(chosen.length).toBeLessThanOrEqual(limit)
      expect(interestingConnections(some, limit)).toEqual(chosen)
      expect(chosen.filter((one) => one.source.includes(':') !== one.destination.includes(':'))).toEqual([])
    }),
    { numRuns: numRuns(100) },
  )
})

test('every connection has a port exactly when its protocol has ports, and it is 1 to 65535', () => {
  const one = clusters().chain((some) => fc.tuple(fc.constant(interestingConnections(some, 60)), connections(some)))
  fc.assert(
    fc.property(one, ([chosen, random]) => {
      for (const { protocol, port } of [...chosen, random]) {
        expect(port === undefined).toBe(protocol === 'ICMP' || protocol === 'other')
        expect(port ?? 1).toBeGreaterThanOrEqual(1)
        expect(port ?? 1).toBeLessThanOrEqual(65535)
      }
    }),
    { numRuns: numRuns(200) },
  )
})
