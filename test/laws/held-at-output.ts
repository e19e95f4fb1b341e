import { deepStrictEqual } from 'node:assert'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import type { HeldCluster } from '../arbitraries/held-clusters.ts'
import { applyTransaction, createTable } from '../interpreter/interpreter.ts'
import { inTruth, isHeld } from '../oracle/hold.ts'
import { oracle } from '../oracle/oracle.ts'
import { atOutput } from './at-output.ts'
import { objectsOf, putsOf } from './changes-of.ts'
import { textOf } from './compile-cluster.ts'
import { heldConnections } from './held-connections.ts'
import { holdChanges } from './hold-changes.ts'
import { textConnection } from './text-connection.ts'

const OPTIONS = { ...DEFAULT_OPTIONS, serviceProxy: 'ipvs' } as const

/**
 * Where IPVS carries Services, what it sends on to a held address, or from one, is stopped at output as at forward, and what the node itself
 * sends is not. Throws where it is otherwise; tells how many were held, and allowed and denied.
 */
export function heldAtOutput({ cluster, hold }: HeldCluster): Readonly<Record<'held' | 'allowed' | 'denied', number>> {
  const engine = createEngine({ isLocal: ({ node }) => node === 'node-1', ruleset: OPTIONS })
  engine.apply([...putsOf(objectsOf(cluster)), ...holdChanges(hold)])
  const table = createTable()
  applyTransaction(table, textOf(engine, OPTIONS))
  const truth = inTruth(cluster, hold)
  const judge = oracle(truth, (pod) => pod.spec?.nodeName === 'node-1')
  const seen = { held: 0, allowed: 0, denied: 0 }
  for (const connection of heldConnections({ cluster, hold }, 80)) {
    const held = [connection.source, connection.destination].some((address) => isHeld(address, truth, hold))
    const passes = !held && judge(connection).allowed
    deepStrictEqual(
      { connection, ...atOutput(table, textConnection(connection)) },
      { connection, output: passes, forward: passes, reply: passes, ofTheNode: true },
    )
    seen[held ? 'held' : passes ? 'allowed' : 'denied'] += 1
  }
  return seen
}
