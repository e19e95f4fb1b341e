import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isReadableRule, isReadableSelector } from '../oracle/is-readable.ts'
import type { RawCluster } from '../oracle/raw-cluster.ts'
import { numRuns } from '../support/runs.ts'
import { clusters } from './clusters.ts'
import { keyOf } from './events.ts'
import { clustersWithRefusedPolicy } from './refused-policies.ts'

function isValid({ policies }: RawCluster): boolean {
  return policies.every(({ spec }) => {
    const rules = [...(spec?.ingress ?? []), ...(spec?.egress ?? [])].map((rule) => rule ?? {})
    const peers = rules.flatMap((rule) => [...(rule.from ?? []), ...(rule.to ?? [])])
    const types = spec?.policyTypes ?? []
    return (
      isReadableSelector(spec?.podSelector ?? {}) &&
      rules.every(isReadableRule) &&
      peers.every((peer) => peer && (peer.ipBlock || peer.podSelector || peer.namespaceSelector)) &&
      peers.every((peer) => peer?.ipBlock?.except?.includes(peer.ipBlock.cidr) !== true) &&
      types.every((type) => type === 'Ingress' || type === 'Egress')
    )
  })
}

test('random clusters are what the API server takes, with no two objects of one name', () => {
  fc.assert(
    fc.property(clusters(), (cluster) => {
      const keys = [...cluster.pods, ...cluster.namespaces, ...cluster.policies].map((object) =>
        JSON.stringify(keyOf(object)),
      )
      expect(new Set(keys).size).toBe(keys.length)
      expect(isValid(cluster)).toBe(true)
      expect(JSON.parse(JSON.stringify(cluster))).toEqual(cluster)
    }),
    { numRuns: numRuns(200) },
  )
})

test('a cluster with a refused policy is not', () => {
  fc.assert(
    fc.property(clustersWithRefusedPolicy(), (cluster) => {
      expect(isValid(cluster)).toBe(false)
    }),
    { numRuns: numRuns(200) },
  )
})
