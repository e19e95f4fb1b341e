import { ok, strictEqual } from 'node:assert'
import { parseAddress } from '../../compiler/addresses/parse-address.ts'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import { changeOf } from '../../compiler/flows/asked-flow.ts'
import { createTwoWorlds } from '../../compiler/flows/two-worlds.ts'
import type { AllowGraph } from '../../compiler/graph/allow-graph.ts'
import type { FlowProtocol } from '../../compiler/nftables/flow-record.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import type { AuditedCluster } from '../arbitraries/audited.ts'
import { interestingConnections } from '../arbitraries/connections.ts'
import { applyTransaction, createTable, runReply, runRequest } from '../interpreter/interpreter.ts'
import type { Connection } from '../oracle/connection.ts'
import { oracle } from '../oracle/oracle.ts'
import { engineOf, textOf } from './compile-cluster.ts'
import { textConnection } from './text-connection.ts'
import { objectsOf, putOf } from './changes-of.ts'

/** How many packets had which fate; `noted` and not told: what the judgement has to leave out. */
export interface AuditFates {
  readonly allowed: number
  readonly denied: number
  readonly told: number
  readonly notTold: number
}

/**
 * Throws where an audited policy changes a verdict, or where something else is told than exactly what passes and would not, were it
 * enforced: of requests, and of replies that are judged again.
 */
export function auditIsOracle({ cluster, enforced }: AuditedCluster): AuditFates {
  const fates = { allowed: 0, denied: 0, told: 0, notTold: 0 }
  const [judge, judgeAll] = [oracle(enforced), oracle(cluster)]
  const engine = engineOf(cluster)
  const judgeBoth = createTwoWorlds(engine.worlds())
  const { owners } = engine.graph()
  const table = createTable()
  applyTransaction(table, textOf(engine))
  for (const connection of interestingConnections(cluster, 120)) {
    const { allowed } = judge(connection)
    const isToBeTold = allowed && !judgeAll(connection).allowed
    const packet = textConnection(connection)
    for (const found of [runRequest(table, packet), runReply(table, packet)]) {
      strictEqual(
        found.verdict === 'accept',
        allowed,
        `${JSON.stringify(connection)}: not the verdict of what is enforced`,
      )
      const isNoted = found.recorded.some((record) => record.startsWith('would-'))
      // The kernel notes at least all that is to be told, and the judgement leaves what is not.
      strictEqual(isNoted && isTold(judgeBoth, owners, connection), isToBeTold, `${JSON.stringify(connection)}: told`)
      fates[allowed ? 'allowed' : 'denied'] += 1
      fates.told += Number(isToBeTold)
      fates.notTold += Number(isNoted && !isToBeTold)
    }
  }
  return fates
}

/** Throws where policies come of which an audited one would deny what is live, and no generation begins; returns whether one did. */
export function comingIsAsked({ cluster, enforced }: AuditedCluster): boolean {
  const [judge, judgeAll] = [oracle(enforced), oracle(cluster)]
  const engine = createEngine({ isLocal: () => true, ruleset: DEFAULT_OPTIONS })
  engine.apply(objectsOf(enforced).flatMap((raw) => putOf(raw)))
  const { narrows } = engine.apply(objectsOf(cluster).flatMap((raw) => putOf(raw)))
  const live = interestingConnections(cluster, 120).filter((connection) => judge(connection).allowed)
  const isAsked = live.some((connection) => !judgeAll(connection).allowed)
  ok(narrows || !isAsked, 'live flows are not asked')
  return isAsked
}

/** As the agent judges what it has read. */
function isTold(judgeBoth: Judge, owners: AllowGraph['owners'], connection: Connection): boolean {
  const [source, destination] = [parseAddress(connection.source), parseAddress(connection.destination)]
  if (source === undefined || destination === undefined) throw new Error('no address')
  const [from, to] = [owners.get(connection.source)?.pod, owners.get(connection.destination)?.pod]
  return changeOf(judgeBoth, { source, destination, carries: carriesOf(connection), from, to })?.kind === 'denies'
}

type Judge = ReturnType<typeof createTwoWorlds>

function carriesOf({ protocol, port = 0 }: Connection): FlowProtocol {
  if (protocol === 'ICMP') return { protocol, type: 8, code: 0 }
  return protocol === 'other' ? { protocol, number: 47 } : { protocol, port }
}
