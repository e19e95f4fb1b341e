import { deepStrictEqual } from 'node:assert'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import { interestingConnections } from '../arbitraries/connections.ts'
import { allows, applyTransaction, createTable, runPacket } from '../interpreter/interpreter.ts'
import { clusterOf, pod, policy } from '../oracle/make-objects.ts'
import { oracle } from '../oracle/oracle.ts'
import type { RawCluster } from '../oracle/raw-cluster.ts'
import { atOutput, NEW, ROUTED } from './at-output.ts'
import { engineOf, textOf } from './compile-cluster.ts'
import { textConnection } from './text-connection.ts'

/**
 * Where IPVS carries Services a request is judged at output as at forward, the node's own packets are not, and without IPVS nothing stands
 * at output. Throws where it is otherwise; tells how many were allowed and denied.
 */
export function outputIsOracle(cluster: RawCluster): { readonly allowed: number; readonly denied: number } {
  const judge = oracle(cluster, (pod) => pod.spec?.nodeName === 'node-1')
  const [plain, ipvs] = [tableFor(cluster, 'nat'), tableFor(cluster, 'ipvs')]
  const seen = { allowed: 0, denied: 0 }
  for (const connection of interestingConnections(cluster, 80)) {
    const packet = textConnection(connection)
    const { allowed } = judge(connection)
    deepStrictEqual(
      { connection, ...atOutput(ipvs, packet), withoutIpvs: allows(plain, packet, 'output') },
      { connection, output: allowed, forward: allowed, reply: allowed, ofTheNode: true, withoutIpvs: true },
    )
    seen[allowed ? 'allowed' : 'denied'] += 1
  }
  return seen
}

/** A closed pod's address on both ends: by the pod's own Service it passes, without a translation it is a neighbour's forgery. */
export function forgeryIsDenied(): void {
  const address = '10.244.1.10'
  const closed = { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }
  const cluster = clusterOf(
    pod('shop/db', address, { spec: { nodeName: 'node-1', containers: [{ name: 'main' }] } }),
    policy('shop/closed', closed),
  )
  const packet = { family: 'IPv4', source: address, destination: address, protocol: 6, ...ROUTED } as const
  const view = tableFor(cluster, 'ipvs')
  for (const hook of ['forward', 'output'] as const) {
    const verdicts = (['ipvs', false] as const).map(
      (translated) => runPacket(view, packet, { ...NEW, translated }, hook).verdict,
    )
    deepStrictEqual({ hook, verdicts }, { hook, verdicts: ['accept', 'drop'] })
  }
}

function tableFor(cluster: RawCluster, serviceProxy: 'nat' | 'ipvs') {
  const options = { ...DEFAULT_OPTIONS, serviceProxy }
  const table = createTable()
  applyTransaction(
    table,
    textOf(
      engineOf(cluster, ({ node }) => node === 'node-1', options),
      options,
    ),
  )
  return table
}
