import type { Lab } from '../../src/lab/lab.ts'
import { type Expected, wrongVerdicts } from '../kernel/compile-in-lab.ts'
import type { Connection } from '../oracle/connection.ts'
import { oracle } from '../oracle/oracle.ts'
import type { RawCluster } from '../oracle/raw-cluster.ts'
import { probeBetweenSlots } from './slots.ts'

export interface Verdicts {
  /** One sign a connection, in their order: what the oracle says. */
  readonly signature: string
  readonly allowed: number
  readonly denied: number
  /** Where packets and oracle differ, in words. */
  readonly wrong: readonly string[]
}

/** Asks the oracle and the packets about each connection that can cross a node. */
export async function compareVerdicts(
  lab: Lab,
  cluster: RawCluster,
  connections: readonly Connection[],
): Promise<Verdicts> {
  const judge = oracle(cluster)
  const expected = connections.flatMap((connection): Expected[] => {
    const probe = probeBetweenSlots(lab, connection)
    if (probe === undefined) return []
    const { source, destination, protocol, port = '' } = connection
    const title = `${source} to ${destination} ${protocol} ${port}`
    return [{ title, probe, allowed: judge(connection).allowed }]
  })
  const allowed = expected.filter((one) => one.allowed).length
  return {
    signature: expected.map((one) => (one.allowed ? '+' : '-')).join(''),
    allowed,
    denied: expected.length - allowed,
    wrong: await wrongVerdicts(lab, expected),
  }
}
