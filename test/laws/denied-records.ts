import { deepStrictEqual } from 'node:assert'
import { interestingConnections } from '../arbitraries/connections.ts'
import { addressText, readAddress } from '../interpreter/address.ts'
import { applyTransaction, createTable, runReply, runRequest } from '../interpreter/interpreter.ts'
import type { Connection } from '../oracle/connection.ts'
import { oracle } from '../oracle/oracle.ts'
import type { RawCluster } from '../oracle/raw-cluster.ts'
import { engineOf, textOf } from './compile-cluster.ts'
import { textConnection } from './text-connection.ts'

/** How many connections had which fate. */
export interface Fates {
  readonly allowed: number
  readonly egress: number
  readonly ingress: number
}

/** Throws where something denied is not noted once with its flow and its pod, in a request or its reply, or something allowed is. */
export function deniedAreRecorded(cluster: RawCluster): Fates {
  const fates = { allowed: 0, egress: 0, ingress: 0 }
  const judge = oracle(cluster)
  const table = createTable()
  applyTransaction(table, textOf(engineOf(cluster)))
  for (const connection of interestingConnections(cluster, 100)) {
    const { allowed, egress } = judge(connection)
    // The sender's egress is judged first, and what it denies nobody else sees.
    const direction = egress.allowed ? 'ingress' : 'egress'
    fates[allowed ? 'allowed' : direction] += 1
    const packet = textConnection(connection)
    const found = { request: runRequest(table, packet).recorded, reply: runReply(table, packet).recorded }
    const records = (way: 'request' | 'reply') => (allowed ? [] : expectedRecords(connection, direction, way))
    deepStrictEqual(found, { request: records('request'), reply: records('reply') }, JSON.stringify(connection))
  }
  return fates
}

/** What has to stand in the sets: the flow, and the pod whose direction it was; ICMP by type and code. */
function expectedRecords(
  connection: Connection,
  direction: 'egress' | 'ingress',
  way: 'request' | 'reply',
): readonly string[] {
  const { protocol, port } = connection
  const [source, destination] = [spelled(connection.source), spelled(connection.destination)]
  const digit = source.includes(':') ? 6 : 4
  const pod = direction === 'egress' ? `denied-eg${digit} ${source}` : `denied-in${digit} ${destination}`
  const ends = `${source} . ${destination}`
  if (protocol === 'ICMP') {
    const types = digit === 4 ? { request: 8, reply: 0 } : { request: 128, reply: 129 }
    return [pod, `denied-icmp${digit} ${ends} . ${types[way]} . 0`]
  }
  const number = { TCP: 6, UDP: 17, SCTP: 132, other: 47 }[protocol]
  return [pod, `denied${digit} ${ends} . ${number} . ${port ?? 0}`]
}

/** As the interpreter prints addresses. */
function spelled(text: string): string {
  const address = readAddress(text)
  return address === undefined ? text : addressText(address)
}
