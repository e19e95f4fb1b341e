import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clusters } from '../arbitraries/clusters.ts'
import { interestingConnections } from '../arbitraries/connections.ts'
import { manyPorts } from '../arbitraries/many-ports.ts'
import { clustersWithRefusedPolicy } from '../arbitraries/refused-policies.ts'
import { allows, allowsReply, applyTransaction, createTable } from '../interpreter/interpreter.ts'
import { oracle } from '../oracle/oracle.ts'
import type { RawCluster } from '../oracle/raw-cluster.ts'
import { lawParameters } from '../support/law-parameters.ts'
import { engineOf, textOf } from './compile-cluster.ts'
import { forgeryIsDenied, outputIsOracle } from './output-is-oracle.ts'
import { textConnection } from './text-connection.ts'

const verdicts = { allowed: 0, denied: 0 }

function expectOracleVerdicts(cluster: RawCluster): void {
  for (const node of [undefined, 'node-1']) {
    const judge = oracle(cluster, (pod) => node === undefined || pod.spec?.nodeName === node)
    const table = createTable()
    applyTransaction(table, textOf(engineOf(cluster, (pod) => node === undefined || pod.node === node)))
    for (const connection of interestingConnections(cluster, 150)) {
      const packet = textConnection(connection)
      const { allowed } = judge(connection)
      const found = { request: allows(table, packet), reply: allowsReply(table, packet) }
      if (found.request !== allowed || found.reply !== allowed) {
        throw new Error(`${JSON.stringify(connection)}: ${JSON.stringify(found)}, the oracle says ${allowed}`)
      }
      verdicts[allowed ? 'allowed' : 'denied'] += 1
    }
  }
}

test('the emitted text gives the verdict of the oracle, for requests and for replies that are judged again', () => {
  fc.assert(fc.property(clusters(), expectOracleVerdicts), lawParameters(200))
  expect(Math.min(verdicts.allowed, verdicts.denied) / (verdicts.allowed + verdicts.denied)).toBeGreaterThan(0.1)
})

test('so it does where the API server would refuse a policy', () => {
  fc.assert(fc.property(clustersWithRefusedPolicy(), expectOracleVerdicts), lawParameters(100))
})

test('at output, where IPVS sends requests on, the text judges as at forward; without it nothing stands there', () => {
  const seen = { allowed: 0, denied: 0 }
  const law = (cluster: RawCluster): void => {
    const { allowed, denied } = outputIsOracle(cluster)
    seen.allowed += allowed
    seen.denied += denied
  }
  fc.assert(fc.property(clusters(), law), lawParameters(60))
  expect(Math.min(seen.allowed, seen.denied) / (seen.allowed + seen.denied)).toBeGreaterThan(0.1)
})

test('where IPVS carries Services a pod reaches itself through its own, and nobody passes for it', () => {
  expect(forgeryIsDenied).not.toThrow()
})

/** How often the text had this in it: a law about a layout must have met that layout. */
function countTexts(
  pattern: RegExp,
  law: (cluster: RawCluster) => void,
): { met: number; law: (cluster: RawCluster) => void } {
  const counter = {
    met: 0,
    law: (cluster: RawCluster) => {
      if (pattern.test(textOf(engineOf(cluster)))) counter.met += 1
      law(cluster)
    },
  }
  return counter
}

test('so it does where a pod has more grants than a handful, and its chain becomes a dispatch', () => {
  const counted = countTexts(/vmap @d[46]-/, expectOracleVerdicts)
  fc.assert(
    fc.property(
      clusters().chain((cluster) => manyPorts(cluster, 7, 40)),
      counted.law,
    ),
    lawParameters(60),
  )
  expect(counted.met).toBeGreaterThan(15)
})

test('so it does where a pod has very many grants, and they are merged into one set', () => {
  const counted = countTexts(/th dport @y[46]-/, expectOracleVerdicts)
  fc.assert(
    fc.property(
      clusters().chain((cluster) => manyPorts(cluster, 350, 400)),
      counted.law,
    ),
    lawParameters(8),
  )
  expect(counted.met).toBeGreaterThan(4)
})
