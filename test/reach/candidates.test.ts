import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { GraphPod } from '../../compiler/graph/allow-graph.ts'
import { createCluster } from '../../compiler/cluster/create-cluster.ts'
import { assignAddresses } from '../../compiler/cluster/assign-addresses.ts'
import { parseBlock } from '../../compiler/addresses/parse-block.ts'
import { readObjects } from '../../compiler/objects/read-objects.ts'
import { createReach, type Reach } from '../../compiler/reach/create-reach.ts'
import { isNoPort } from '../../compiler/reach/port-set.ts'
import { clusters } from '../arbitraries/clusters.ts'
import { madeUpRepository } from '../bench/made-up-repository.ts'
import { engineOf } from '../laws/compile-cluster.ts'
import { lawParameters } from '../support/law-parameters.ts'

/** One pod of each behaviour, hosts too. */
function speakers(reach: Reach): readonly GraphPod[] {
  return [...reach.behaviours, ...reach.hosts].flatMap(({ members: [pod] }) => pod ?? [])
}

test('law: whoever is no candidate cannot be reached, and who is no source reaches nothing', () => {
  let [left, kept] = [0, 0]
  fc.assert(
    fc.property(clusters(), (cluster) => {
      const reach = createReach(engineOf(cluster).graph())
      const pods = speakers(reach)
      for (const from of pods) {
        const candidates = reach.candidates(from)
        expect(new Set(candidates).size).toBe(candidates.length)
        for (const to of pods) {
          const [source, behaviour] = [reach.behaviourOf(from), reach.behaviourOf(to)]
          const isSource = source !== undefined && reach.sources(to).includes(source)
          const isCandidate = behaviour !== undefined && candidates.includes(behaviour)
          // One question, asked from either end.
          expect(isSource || from.pod.hostNetwork || to.pod.hostNetwork).toBe(
            isCandidate || from.pod.hostNetwork || to.pod.hostNetwork,
          )
          if (isCandidate && isSource) {
            kept += 1
            continue
          }
          left += 1
          expect([...reach.between(from, to).values()].every(isNoPort)).toBe(true)
        }
      }
    }),
    lawParameters(60),
  )
  expect(Math.min(left, kept)).toBeGreaterThan(0)
})

test('pairs to judge grow with the namespaces of a repository, not with their square', () => {
  const pairs = (workloads: number): number => {
    const reach = createReach(graphOf(workloads))
    return speakers(reach).reduce((sum, from) => sum + reach.candidates(from).length, 0)
  }
  // Two namespaces, and eight.
  expect(pairs(400) / pairs(100)).toBeLessThan(5)
})

function graphOf(workloads: number) {
  const { objects } = readObjects([{ file: 'f', text: madeUpRepository({ workloads }) }], {
    defaultNamespace: 'default',
  })
  const range = parseBlock('10.244.0.0/16')?.block
  const pods =
    range &&
    assignAddresses(
      objects.filter((one) => one.kind === 'Pod'),
      range,
    )
  return createCluster([...objects.filter(({ kind }) => kind !== 'Pod'), ...(pods ?? [])], []).graph
}
