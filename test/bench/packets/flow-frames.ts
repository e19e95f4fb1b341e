import { buildEthernet } from '../../../src/lab/packets/build-ethernet.ts'
import { buildIP } from '../../../src/lab/packets/build-ip.ts'
import { buildUdp } from '../../../src/lab/packets/build-udp.ts'
import { PROTOCOL_NUMBERS } from '../../../src/lab/packets/protocol-numbers.ts'
import type { Flow } from './flow.ts'
import { MACS } from './routers.ts'

/** What the sender puts on the wire for the flow with this port of its own, as a rule the source's: an empty UDP datagram. */
export function requestFrame({ source, destination, destinationPort, scans }: Flow, ownPort: number): Uint8Array {
  const ports = scans
    ? { sourcePort: destinationPort, destinationPort: ownPort }
    : { sourcePort: ownPort, destinationPort }
  const fields = { source, destination, ...ports, protocolNumber: PROTOCOL_NUMBERS.UDP }
  return buildEthernet({ source: MACS.sender, destination: MACS.routerIn }, buildIP(fields, buildUdp(fields)))
}

/** The sink's answer to it. */
export function replyFrame({ source, destination, destinationPort }: Flow, sourcePort: number): Uint8Array {
  const back = { source: destination, destination: source, sourcePort: destinationPort, destinationPort: sourcePort }
  const ip = buildIP({ ...back, protocolNumber: PROTOCOL_NUMBERS.UDP }, buildUdp(back))
  return buildEthernet({ source: MACS.sink, destination: MACS.routerOut }, ip)
}
