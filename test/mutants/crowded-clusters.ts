import fc from 'fast-check'
import { clusters } from '../arbitraries/clusters.ts'
import type { RawCluster, RawPort, RawRule } from '../oracle/raw-cluster.ts'

const ports: fc.Arbitrary<RawPort> = fc.oneof(
  fc.integer({ min: 1, max: 99 }).map((port) => ({ port })),
  fc.integer({ min: 1, max: 99 }).map((port) => ({ port, endPort: port + 7 })),
  fc.integer({ min: 1, max: 99 }).map((port) => ({ port, protocol: 'UDP' })),
  fc.constant({ port: 'http' }),
)

/**
 * As `clusters`, and some with so many rules that their class is laid out in another way: a few more than a handful of ports, or more
 * sets of peers than a class may bring. The `index` makes each selector another one; the rest decides whom it selects.
 */
export const crowdedClusters: fc.Arbitrary<RawCluster> = fc.oneof(
  { weight: 3, arbitrary: clusters() },
  { weight: 2, arbitrary: fc.tuple(clusters(), rules(12, 3)).map(withRules) },
  { weight: 1, arbitrary: fc.tuple(clusters(), rules(12, 1)).map(withRules) },
  { weight: 2, arbitrary: fc.tuple(clusters(), rules(140, 140)).map(withRules) },
)

type Rule = { readonly peer: string; readonly index: number; readonly port: RawPort; readonly everyone: boolean }

function rules(count: number, selectors: number): fc.Arbitrary<readonly Rule[]> {
  const rule = fc.tuple(fc.constantFrom('a', 'b', 'nobody'), ports, fc.integer({ min: 0, max: 3 }))
  return fc.array(rule, { minLength: count, maxLength: count, size: 'max' }).map((list) =>
    list.map(([peer, port, kind], index) => ({
      peer,
      port:
        selectors > 100 && typeof port.port === 'number'
          ? { ...port, port: port.port + 100 * index, ...end(port, index) }
          : port,
      index: index % selectors,
      everyone: selectors === 1 && kind > 0,
    })),
  )
}

/** The end of a range, moved with it. */
function end({ endPort }: RawPort, index: number): RawPort {
  return typeof endPort === 'number' ? { endPort: endPort + 100 * index } : {}
}

function withRules([cluster, list]: readonly [RawCluster, readonly Rule[]]): RawCluster {
  const peer = ({ peer: value, index }: Rule) => ({
    podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: [value, `number-${index}`] }] },
  })
  const ingress = list.map((rule): RawRule => ({ ...(!rule.everyone && { from: [peer(rule)] }), ports: [rule.port] }))
  const egress = list.map((rule): RawRule => ({ ...(!rule.everyone && { to: [peer(rule)] }), ports: [rule.port] }))
  const crowd = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { namespace: cluster.pods[0]?.metadata.namespace ?? 'shop', name: 'crowd' },
    spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'], ingress, egress },
  } as const
  return { ...cluster, policies: [...cluster.policies, crowd] }
}
