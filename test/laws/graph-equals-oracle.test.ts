import fc from 'fast-check'
import { expect, test } from 'vitest'
import { judge } from '../../compiler/graph/judge.ts'
import { clusters } from '../arbitraries/clusters.ts'
import { interestingConnections } from '../arbitraries/connections.ts'
import { clustersWithRefusedPolicy } from '../arbitraries/refused-policies.ts'
import { oracle } from '../oracle/oracle.ts'
import type { RawCluster } from '../oracle/raw-cluster.ts'
import { lawParameters } from '../support/law-parameters.ts'
import { engineOf } from './compile-cluster.ts'
import { questionOf } from './question-of.ts'

function expectSameVerdicts(cluster: RawCluster): void {
  const judgeByOracle = oracle(cluster)
  const graph = engineOf(cluster).graph()
  for (const connection of interestingConnections(cluster, 300)) {
    const verdict = judge(graph, questionOf(connection))
    expect({ connection, verdict }).toEqual({ connection, verdict: judgeByOracle(connection) })
  }
}

test('the graph gives the verdict of the oracle', () => {
  fc.assert(fc.property(clusters(), expectSameVerdicts), lawParameters(300))
})

test('the graph gives the verdict of the oracle where the API server would refuse a policy', () => {
  fc.assert(fc.property(clustersWithRefusedPolicy(), expectSameVerdicts), lawParameters(300))
})
