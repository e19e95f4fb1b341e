import { deepStrictEqual } from 'node:assert'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import { interestingConnections } from '../arbitraries/connections.ts'
import { addressText, readAddress } from '../interpreter/address.ts'
import {
  applyTransaction,
  createTable,
  type Packet,
  runPacket,
  runReply,
  runRequest,
  type TableView,
} from '../interpreter/interpreter.ts'
import type { Connection } from '../oracle/connection.ts'
import { oracle } from '../oracle/oracle.ts'
import type { RawCluster } from '../oracle/raw-cluster.ts'
import { engineOf, textOf } from './compile-cluster.ts'
import { textConnection } from './text-connection.ts'

/** How many connections had which fate, and how many packets without conntrack state. */
export interface Fates {
  readonly allowed: number
  readonly egress: number
  readonly ingress: number
  readonly untrackedAllowed: number
  readonly untrackedDenied: number
  /** Of pods that met themselves, closed ones. */
  readonly letGo: number
}

type Fate = 'allowed' | 'egress' | 'ingress'

/**
 * Throws where something denied is not noted once with its flow and its pod, in a request or its reply or without a direction, or where
 * something else is; and the same of what is allowed, once that is observed, and never before. Of a denied flow without room, that it is lost.
 * Who has a pod's address at both ends is judged like others; but a closed pod that meets itself behind its Service is let go, and not noted.
 */
export function packetsAreRecorded(cluster: RawCluster, observe: boolean): Fates {
  const fates = { allowed: 0, egress: 0, ingress: 0, untrackedAllowed: 0, untrackedDenied: 0, letGo: 0 }
  const judge = oracle(cluster, () => true, { forged: true })
  const options = { ...DEFAULT_OPTIONS, observe }
  const table = createTable()
  applyTransaction(
    table,
    textOf(
      engineOf(cluster, () => true, options),
      options,
    ),
  )
  for (const connection of interestingConnections(cluster, 100)) {
    const { allowed, egress } = judge(connection)
    // The sender's egress is judged first, and what it denies nobody else sees.
    const fate = allowed ? 'allowed' : egress.allowed ? 'ingress' : 'egress'
    fates[fate] += 1
    const packet = textConnection(connection)
    const found = recordedOf(table, packet)
    const isNoted = fate !== 'allowed' || observe
    const records = (way: 'request' | 'reply') => (isNoted ? recordsOf(connection, fate, way) : [])
    deepStrictEqual(found, [records('request'), records('reply')], JSON.stringify(connection))
    const crowded = { ...table, full: FULL[connection.protocol === 'ICMP' ? 'icmp' : 'flows'] }
    const lost = fate === 'allowed' ? [] : lostOf(connection, fate)
    deepStrictEqual(recordedOf(crowded, packet), [lost, lost], `without room: ${JSON.stringify(connection)}`)

    if (connection.source === connection.destination) {
      const letGo = [runRequest(table, packet), runReply(table, packet)]
      const noted = fate === 'allowed' ? found : [[], []]
      deepStrictEqual(
        letGo.map(({ verdict, recorded }) => ({ verdict, recorded })),
        noted.map((recorded) => ({ verdict: 'accept', recorded })),
        `to itself: ${JSON.stringify(connection)}`,
      )
      fates.letGo += Number(fate !== 'allowed')
    }

    const answered = judge({ ...connection, ...swapped(connection), port: packet.sourcePort })
    const passes = allowed || answered.allowed
    fates[passes ? 'untrackedAllowed' : 'untrackedDenied'] += 1
    const isUntrackedNoted = packet.sourcePort !== undefined && (!passes || observe)
    const untracked = runPacket(table, { ...packet, ...ROUTED }, UNTRACKED).recorded
    const expected = isUntrackedNoted
      ? [`${passes ? 'seen' : 'denied'}-untracked${flowKey(connection, 'request')}`]
      : []
    deepStrictEqual(untracked, expected, `untracked: ${JSON.stringify(connection)}`)
  }
  return fates
}

/** What a request and its reply leave, neither of them translated. */
function recordedOf(table: TableView, packet: ReturnType<typeof textConnection>): readonly (readonly string[])[] {
  return [runRequest(table, packet, 'forward', false).recorded, runReply(table, packet, false).recorded]
}

const ROUTED: Pick<Packet, 'hopLimit' | 'packetType' | 'fibDestinationType'> = {
  hopLimit: 64,
  packetType: 'host',
  fibDestinationType: 'unicast',
}
const UNTRACKED = { state: 'untracked', direction: undefined, mark: 0 } as const

/** Who would have asked, were it an answer. */
const swapped = ({ source, destination }: Connection) => ({ source: destination, destination: source })

/** One kind of flows has no room, and the other must not take them in. */
const FULL = {
  flows: new Set(['denied4', 'denied6', 'seen4', 'seen6']),
  icmp: new Set(['denied-icmp4', 'denied-icmp6', 'seen-icmp4', 'seen-icmp6']),
}

/** What stands of a denied packet whose flow found no room: the pod, and that something was lost. */
function lostOf({ source, destination }: Connection, fate: 'egress' | 'ingress'): readonly string[] {
  const pod = spelled(fate === 'egress' ? source : destination)
  const digit = pod.includes(':') ? 6 : 4
  return [`denied-${fate === 'egress' ? 'eg' : 'in'}${digit} ${pod}`, `denied-lost${digit} ${pod}`]
}

/** What has to stand in the sets: the flow, and of what is denied the pod whose direction it was. */
function recordsOf(connection: Connection, fate: Fate, way: 'request' | 'reply'): readonly string[] {
  const [source, destination] = [spelled(connection.source), spelled(connection.destination)]
  const digit = source.includes(':') ? 6 : 4
  const icmp = connection.protocol === 'ICMP' ? '-icmp' : ''
  const flow = `${fate === 'allowed' ? 'seen' : 'denied'}${icmp}${flowKey(connection, way)}`
  if (fate === 'allowed') return [flow]
  return [fate === 'egress' ? `denied-eg${digit} ${source}` : `denied-in${digit} ${destination}`, flow]
}

/** The family, and the key as the interpreter prints it; ICMP by type and code. */
function flowKey({ source, destination, protocol, port }: Connection, way: 'request' | 'reply'): string {
  const [from, to] = [spelled(source), spelled(destination)]
  const digit = from.includes(':') ? 6 : 4
  const ends = `${digit} ${from} . ${to}`
  if (protocol === 'ICMP') {
    const types = digit === 4 ? { request: 8, reply: 0 } : { request: 128, reply: 129 }
    return `${ends} . ${types[way]} . 0`
  }
  const number = { TCP: 6, UDP: 17, SCTP: 132, other: 47 }[protocol]
  return `${ends} . ${number} . ${port ?? 0}`
}

/** As the interpreter prints addresses. */
function spelled(text: string): string {
  const address = readAddress(text)
  return address === undefined ? text : addressText(address)
}
