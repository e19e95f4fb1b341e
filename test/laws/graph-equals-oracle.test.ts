import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseAddress } from '../../compiler/addresses/parse-address.ts'
import { judge, type Transport } from '../../compiler/graph/judge.ts'
import { clusters } from '../arbitraries/clusters.ts'
import { interestingConnections } from '../arbitraries/connections.ts'
import { clustersWithRefusedPolicy } from '../arbitraries/refused-policies.ts'
import type { Connection } from '../oracle/connection.ts'
import { oracle } from '../oracle/oracle.ts'
import type { RawCluster } from '../oracle/raw-cluster.ts'
import { lawParameters } from '../support/law-parameters.ts'
import { engineOf } from './compile-cluster.ts'

function expectSameVerdicts(cluster: RawCluster): void {
  const judgeByOracle = oracle(cluster)
  const graph = engineOf(cluster).graph()
  for (const connection of interestingConnections(cluster, 300)) {
    const source = parseAddress(connection.source)
    const destination = parseAddress(connection.destination)
    if (source === undefined || destination === undefined) throw new Error('the arbitraries gave a bad address')
    const verdict = judge(graph, { source, destination, transport: transportOf(connection) })
    expect({ connection, verdict }).toEqual({ connection, verdict: judgeByOracle(connection) })
  }
}

function transportOf({ protocol, port }: Connection): Transport {
  if (protocol === 'ICMP' || protocol === 'other') return { protocol: 'other' }
  return { protocol, port: port ?? 0 }
}

test('the graph gives the verdict of the oracle', () => {
  fc.assert(fc.property(clusters(), expectSameVerdicts), lawParameters(300))
})

test('the graph gives the verdict of the oracle where the API server would refuse a policy', () => {
  fc.assert(fc.property(clustersWithRefusedPolicy(), expectSameVerdicts), lawParameters(300))
})
