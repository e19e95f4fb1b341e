import { FAMILIES, type Family } from '../addresses/address.ts'
import type { Cluster } from '../cluster/create-cluster.ts'
import type { Peer, Transport } from '../graph/judge.ts'
import { peerOf } from '../graph/peer-of.ts'
import { type ConnectionAnswer, explainConnection, OPEN_DIRECTION } from './explain-connection.ts'
import type { Leg, Refusal, Site } from './site.ts'
import type { WantedConnection } from './suggest-policy.ts'
import { unknownAddress } from './unknown-address.ts'

/** One connection in one family, and why it is allowed or not. */
export interface FamilyAnswer {
  readonly family: Family
  /** Undefined where one end is a node whose address nobody knows: it is answered for all that it could be. */
  readonly connection: WantedConnection | undefined
  readonly answer: ConnectionAnswer
}

/** From one end to another, in every family that both have. */
export interface PairAnswer {
  readonly kind: 'pair'
  readonly from: string
  readonly to: string
  readonly transport: Transport
  readonly allowed: boolean
  readonly families: readonly FamilyAnswer[]
}

/** No families where the ends share none. A refusal where it depends on an address that the input does not say. */
export function answerLeg(cluster: Cluster, leg: Leg): PairAnswer | Refusal {
  const { from, to, transport } = leg
  const families: FamilyAnswer[] = []
  for (const family of FAMILIES) {
    if (leg.family !== undefined && leg.family !== family) continue
    const answer = answerFamily(cluster, leg, family)
    if (answer === undefined) continue
    if (answer.kind === 'problem') return answer
    families.push({ ...answer, answer: alone(answer.answer, leg) })
  }
  const allowed = families.every(({ answer }) => answer.allowed)
  return { kind: 'pair', from: from.name, to: to.name, transport, allowed, families }
}

function answerFamily(
  cluster: Cluster,
  { from, to, transport, only }: Leg,
  family: Family,
): ({ readonly kind: 'family' } & FamilyAnswer) | Refusal | undefined {
  if (from.kind === 'host' || to.kind === 'host') {
    const answer = unknownAddress(cluster, from, to, transport, family)
    if (answer === undefined || 'problem' in answer) return answer
    return { kind: 'family', family, connection: undefined, answer }
  }
  const source = endOf(from, family)
  const destination = endOf(to, family)
  if (source === undefined || destination === undefined) return undefined
  const connection = { source: source.address, destination: destination.address, transport, only }
  return { kind: 'family', family, connection, answer: explainConnection(cluster, connection) }
}

function endOf(site: Exclude<Site, { kind: 'host' }>, family: Family): Peer | undefined {
  if (site.kind === 'pod') return peerOf(site.pod, family)
  return site.address.family === family ? { address: site.address, owner: undefined } : undefined
}

/** The answer of one direction, where only that one is asked. */
function alone(answer: ConnectionAnswer, { only }: Leg): ConnectionAnswer {
  if (only === undefined) return answer
  const elsewhere = { ...OPEN_DIRECTION, elsewhere: true }
  const other = only === 'egress' ? { ingress: elsewhere } : { egress: elsewhere }
  return { ...answer, ...other, allowed: answer[only].allowed }
}
