import type { Lab } from '../../src/lab/lab.ts'
import { buildEthernet } from '../../src/lab/packets/build-ethernet.ts'
import { buildIP } from '../../src/lab/packets/build-ip.ts'
import { buildUdp } from '../../src/lab/packets/build-udp.ts'
import { PROTOCOL_NUMBERS } from '../../src/lab/packets/protocol-numbers.ts'
import { type Flow, KINDS } from './flow.ts'
import { addressOf, nextMac, podPlace } from './flows-lab.ts'
import { cookieAckChunk, cookieEchoChunk, dataChunk, initAckChunk, initChunk, sctpPacket } from './sctp-packet.ts'

/** Who sends a frame. */
export type Sender = 'client' | 'server'

/** A new client port is a new flow. */
export const CLIENT_PORT = 30_000
const CLIENT_TAG = 0x11111111
const SERVER_TAG = 0x22222222

/** The frames, in order, by which a raw flow is established. */
export function openingFrames(
  lab: Lab,
  flow: Flow,
  clientPort: number = CLIENT_PORT,
): readonly (readonly [Sender, Uint8Array])[] {
  if (flow.kind !== 'SCTP raw') {
    return (['client', 'server'] as const).map((sender) => [sender, rawFrame(lab, flow, sender, clientPort)])
  }
  const from = (sender: Sender, tag: number, chunk: Uint8Array) =>
    [sender, sctpFrame(lab, flow, { sender, clientPort, tag }, chunk)] as const
  return [
    from('client', 0, initChunk(CLIENT_TAG)),
    from('server', CLIENT_TAG, initAckChunk(SERVER_TAG)),
    from('client', SERVER_TAG, cookieEchoChunk()),
    from('server', CLIENT_TAG, cookieAckChunk()),
  ]
}

/** A frame of an established raw flow. */
export function rawFrame(lab: Lab, flow: Flow, sender: Sender, clientPort: number = CLIENT_PORT): Uint8Array {
  if (flow.kind === 'SCTP raw') {
    const tag = sender === 'client' ? SERVER_TAG : CLIENT_TAG
    return sctpFrame(lab, flow, { sender, clientPort, tag }, dataChunk())
  }
  const ends = endsOf(flow, sender, clientPort)
  return frame(lab, flow, sender, PROTOCOL_NUMBERS.UDP, buildUdp(ends, Uint8Array.of(1, 2, 3, 4)))
}

function sctpFrame(
  lab: Lab,
  flow: Flow,
  { sender, clientPort, tag }: { readonly sender: Sender; readonly clientPort: number; readonly tag: number },
  chunk: Uint8Array,
): Uint8Array {
  const packet = sctpPacket({ ...endsOf(flow, sender, clientPort), verificationTag: tag }, chunk)
  return frame(lab, flow, sender, PROTOCOL_NUMBERS.SCTP, packet)
}

function endsOf({ client, server, family, kind }: Flow, sender: Sender, clientPort: number) {
  const { port } = KINDS[kind]
  const [clientAddress, serverAddress] = [addressOf(client, family), addressOf(server, family)]
  return sender === 'client'
    ? { source: clientAddress, destination: serverAddress, sourcePort: clientPort, destinationPort: port }
    : { source: serverAddress, destination: clientAddress, sourcePort: port, destinationPort: clientPort }
}

function frame(lab: Lab, flow: Flow, sender: Sender, protocolNumber: number, message: Uint8Array): Uint8Array {
  const [from, to] = sender === 'client' ? [flow.client, flow.server] : [flow.server, flow.client]
  const [source, destination] = [addressOf(from, flow.family), addressOf(to, flow.family)]
  const packet = buildIP({ source, destination, protocolNumber }, message)
  return buildEthernet({ source: podPlace(lab, from).mac, destination: nextMac(lab, from, to) }, packet)
}
