import fc from 'fast-check'
import { expect, test } from 'vitest'
import { oracle } from '../oracle/oracle.ts'
import { clusters } from './clusters.ts'
import { interestingConnections } from './connections.ts'
import { featuresOf } from './features.ts'
import { MISREADINGS } from './misreadings.ts'

/** Always the same clusters: what is asserted here is a property of the arbitraries, not of luck. */
const sample = fc.sample(clusters(), { numRuns: 500, seed: 20_260_101 })

const judged = sample.flatMap((cluster) => interestingConnections(cluster, 120).map(oracle(cluster)))

function share(part: number, of: number): number {
  return Math.round((100 * part) / of)
}

test('both verdicts are frequent, also where a pod is isolated, and in each direction', () => {
  const isolated = judged.filter(({ egress, ingress }) => egress.isolated || ingress.isolated)
  const percent = {
    allowed: share(judged.filter(({ allowed }) => allowed).length, judged.length),
    isolated: share(isolated.length, judged.length),
    allowedOfIsolated: share(isolated.filter(({ allowed }) => allowed).length, isolated.length),
    deniedByEgressAlone: share(
      judged.filter(({ egress, ingress }) => !egress.allowed && ingress.allowed).length,
      judged.length,
    ),
    deniedByIngressAlone: share(
      judged.filter(({ egress, ingress }) => egress.allowed && !ingress.allowed).length,
      judged.length,
    ),
  }
  console.log(`random clusters, percent of ${judged.length} connections: ${JSON.stringify(percent)}`)
  expect(percent.allowed).toBeGreaterThanOrEqual(20)
  expect(percent.allowed).toBeLessThanOrEqual(80)
  expect(percent.allowedOfIsolated).toBeGreaterThanOrEqual(20)
  expect(percent.allowedOfIsolated).toBeLessThanOrEqual(80)
  expect(percent.deniedByEgressAlone).toBeGreaterThanOrEqual(5)
  expect(percent.deniedByIngressAlone).toBeGreaterThanOrEqual(5)
})

test('every field and every form of it is used, in at least one cluster of a hundred', () => {
  const counts = new Map<string, number>()
  for (const cluster of sample) {
    for (const [feature, used] of Object.entries(featuresOf(cluster))) {
      counts.set(feature, (counts.get(feature) ?? 0) + Number(used))
    }
  }
  expect(counts.size).toBeGreaterThan(50)
  expect([...counts].filter(([, count]) => count < sample.length / 100)).toEqual([])
})

/** Three clusters in three hundred is the least: a law of some hundred runs then meets each mistake. */
const few = sample.slice(0, 300).map((cluster) => {
  const connections = interestingConnections(cluster, 120)
  return { cluster, connections, verdicts: connections.map(oracle(cluster)) }
})

test.each(Object.entries(MISREADINGS))('a compiler would be caught: %s', (_mistake, misread) => {
  const caught = few.filter(({ cluster, connections, verdicts }) => {
    const judge = oracle(misread(cluster))
    return connections.some((connection, index) => judge(connection).allowed !== verdicts[index]?.allowed)
  })
  expect(caught.length).toBeGreaterThanOrEqual(3)
})
