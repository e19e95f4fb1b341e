import fc from 'fast-check'
import type { RawCluster, RawPolicy } from '../oracle/raw-cluster.ts'
import { POD_LABELS } from './labels.ts'

/**
 * The cluster with one more policy that gives its pods very many grants, `least` to `most` in each direction: single
 * ports, ranges and names, each to peers of another formula, so that no two of them can share a set.
 */
export function manyPorts(cluster: RawCluster, least: number, most: number): fc.Arbitrary<RawCluster> {
  const namespaces = cluster.pods.map(({ metadata }) => metadata.namespace ?? 'default')
  return fc
    .record({
      namespace: fc.constantFrom('shop', ...namespaces),
      ingress: fc.array(grant, { minLength: least, maxLength: most }),
      egress: fc.array(grant, { minLength: least, maxLength: most }),
    })
    .map(({ namespace, ingress, egress }) => {
      const policy: RawPolicy = {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { namespace, name: 'many-ports' },
        spec: {
          podSelector: {},
          policyTypes: ['Ingress', 'Egress'],
          ingress: ingress.map((one, index) => ({ from: [peerOf(one, index)], ports: [portOf(one, index)] })),
          egress: egress.map((one, index) => ({ to: [peerOf(one, index)], ports: [portOf(one, index)] })),
        },
      }
      return { ...cluster, policies: [...cluster.policies, policy] }
    })
}

const grant = fc.record({
  label: fc.constantFrom(
    ...Object.entries(POD_LABELS).flatMap(([key, values]) => values.map((value) => [key, value] as const)),
  ),
  everywhere: fc.boolean(),
  protocol: fc.constantFrom('TCP', 'UDP', 'SCTP'),
  port: fc.constantFrom('single', 'single', 'single', 'range', 'name'),
  block: fc.constantFrom(undefined, undefined, undefined, '10.244.0.0/16', '203.0.113.0/24', 'fd44::/32'),
})

type Grant = typeof grant extends fc.Arbitrary<infer One> ? One : never

/** The second value selects nobody: it only makes the formula another one. */
function peerOf({ label: [key, value], everywhere, block }: Grant, index: number): object {
  if (block !== undefined) return { ipBlock: { cidr: block } }
  const podSelector = { matchExpressions: [{ key, operator: 'In', values: [value, `other-${index}`] }] }
  return everywhere ? { namespaceSelector: {}, podSelector } : { podSelector }
}

/** Mostly ports near those that the random pods own, so that connections meet them. */
function portOf({ protocol, port }: Grant, index: number): object {
  const number = 78 + index * 2
  if (port === 'range') return { protocol, port: number, endPort: number + 3 }
  return { protocol, port: port === 'name' ? 'http' : number }
}
