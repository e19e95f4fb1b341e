import { expect, test } from 'vitest'
import { lintCluster } from '../../compiler/lint/lint-cluster.ts'
import { readRawObjects } from '../../compiler/lint/raw-object.ts'
import { madeUpRepository } from '../bench/made-up-repository.ts'
import { clusterOf } from '../explain/cluster-of.ts'

/** How many pods, and how many labels of namespaces, all rules together look at. */
function looksOf(workloads: number): { readonly pods: number; readonly labels: number } {
  const text = madeUpRepository({ workloads })
  const cluster = clusterOf(text)
  const looks = { pods: 0, labels: 0 }
  const pods = new Map(cluster.graph.pods)
  const values = pods.values.bind(pods)
  pods.values = function* () {
    for (const pod of values()) {
      looks.pods += 1
      yield pod
    }
  } as typeof pods.values
  const namespaceLabels = (name: string) => {
    looks.labels += 1
    return cluster.graph.namespaceLabels(name)
  }
  const counted = { ...cluster, graph: { ...cluster.graph, pods, namespaceLabels } }
  const findings = lintCluster({ cluster: counted, raw: readRawObjects([{ file: 'f', text }]), complete: true })
  expect(findings.length).toBeGreaterThan(0)
  return looks
}

test('what rules look at grows with the namespaces of a repository, not with their square', () => {
  const [small, large] = [looksOf(100), looksOf(400)]
  expect(small.pods).toBeGreaterThan(100)
  // Four times as much of it; the square would be sixteen times.
  expect(large.pods / small.pods).toBeLessThan(6)
  expect(large.labels / small.labels).toBeLessThan(6)
})
