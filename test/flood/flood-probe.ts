import { FAMILIES, type Family } from '../../compiler/addresses/address.ts'
import type { Lab } from '../../src/lab/lab.ts'
import { buildEthernet } from '../../src/lab/packets/build-ethernet.ts'
import { buildIP } from '../../src/lab/packets/build-ip.ts'
import { buildTcp } from '../../src/lab/packets/build-tcp.ts'
import { buildUdp } from '../../src/lab/packets/build-udp.ts'
import { PROTOCOL_NUMBERS } from '../../src/lab/packets/protocol-numbers.ts'
import { addressOf, nodeOf, type PodName } from './flood-lab.ts'

/**
 * new: requests only, and no verdict is remembered: each is judged like the first of its flow.
 * live: requests and replies of a flow that was established once, each of them judged again.
 * remembered: the same, but the verdict is remembered, as in real life.
 */
export type FlowState = 'new' | 'live' | 'remembered'

export interface Route {
  readonly from: PodName
  readonly to: PodName
  readonly port: number
  /** Default UDP; TCP is for new flows only. */
  readonly protocol?: 'TCP' | 'UDP'
}

export interface FloodProbe extends Required<Route> {
  readonly family: Family
  readonly state: FlowState
  /** Its client port, by which it is told apart: a verdict below FIRST_REMEMBERED is to be forgotten. */
  readonly clientPort: number
}

export const FIRST_FORGOTTEN = 20_000
export const FIRST_REMEMBERED = 40_000

/** Client ports that no probe of this process has had: what conntrack knows of one flow is not for another. */
const nextPort = { forgotten: FIRST_FORGOTTEN, remembered: FIRST_REMEMBERED }

/** A probe for each route, family and state. */
export function probesFor(routes: readonly Route[], states: readonly FlowState[]): readonly FloodProbe[] {
  return routes.flatMap((route) =>
    FAMILIES.flatMap((family) =>
      states.map((state) => ({
        ...route,
        protocol: route.protocol ?? 'UDP',
        family,
        state,
        clientPort: nextPort[state === 'remembered' ? 'remembered' : 'forgotten']++,
      })),
    ),
  )
}

export function probeTitle({ family, from, to, protocol, port, state }: FloodProbe): string {
  return `${from} to ${to} ${port}/${protocol} ${family} ${state}`
}

/** The frames of one turn of the flood. */
export function framesOf(lab: Lab, probe: FloodProbe): readonly Uint8Array[] {
  const request = frameOf(lab, probe, 'request')
  return probe.state === 'new' ? [request] : [request, frameOf(lab, probe, 'reply')]
}

/** The frame by which the flooder sends the request, or the reply, in the name of the pod whose it is. */
function frameOf(lab: Lab, probe: FloodProbe, way: 'request' | 'reply'): Uint8Array {
  const { family, protocol, port, clientPort } = probe
  const [sender, receiver] = way === 'request' ? [probe.from, probe.to] : [probe.to, probe.from]
  const [source, destination] = [addressOf(sender, family), addressOf(receiver, family)]
  const [sourcePort, destinationPort] = way === 'request' ? [clientPort, port] : [port, clientPort]
  const ends = { source, destination, sourcePort, destinationPort }
  const segment = protocol === 'TCP' ? buildTcp({ ...ends, flags: ['SYN'] }) : buildUdp(ends)
  const packet = buildIP({ source, destination, protocolNumber: PROTOCOL_NUMBERS[protocol] }, segment)
  return buildEthernet({ source: macOf(lab.place('flooder')), destination: nextMac(lab, receiver) }, packet)
}

/** The receiver's own MAC on the flooder's bridge, else the gateway's. */
function nextMac(lab: Lab, receiver: PodName): string {
  if (nodeOf(receiver) === nodeOf('flooder')) return macOf(lab.place(receiver))
  const gateway = lab.nodes.find(({ name }) => name === nodeOf('flooder'))
  if (gateway === undefined) throw new Error('the flooder has no node')
  return gateway.gatewayMac
}

function macOf(place: ReturnType<Lab['place']>): string {
  if (place.kind !== 'pod') throw new Error(`${place.name} is no pod`)
  return place.mac
}
