import { setTimeout as sleep } from 'node:timers/promises'
import { buildEthernet } from '../../src/lab/packets/build-ethernet.ts'
import { buildIP } from '../../src/lab/packets/build-ip.ts'
import { buildUdp } from '../../src/lab/packets/build-udp.ts'
import { PROTOCOL_NUMBERS } from '../../src/lab/packets/protocol-numbers.ts'
import type { Kernel, PodName } from './kernel-lab.ts'

/** A datagram as it is to stand on the wire. */
export interface Datagram {
  readonly source: string
  readonly destination: string
  readonly mac: string
}

interface SetListing {
  readonly nftables: readonly { readonly set?: { readonly elem?: readonly number[] } }[]
}

const FIRST_PORT = 5001
/** Local experimental EtherType 1 (IEEE 802): no rule of any IP table looks at it. */
const LAST_FRAME = 0x88b5
const TABLE = 'netdev selvedge-test-seen'

/** Sends the datagrams between two pods of one bridge, whatever their addresses, and names those that get there. */
export async function framesReaching(
  kernel: Kernel,
  from: PodName,
  to: PodName,
  datagrams: Readonly<Record<string, Datagram>>,
): Promise<readonly string[]> {
  const { lab } = kernel
  const receiver = `shop/${to}`
  await lab.nft(receiver, ['-f', '-'], LISTENER)
  const { mac } = kernel.place(from)
  const frames = Object.values(datagrams).map((datagram, index) => {
    const { source, destination } = datagram
    const udp = buildUdp({ source, destination, sourcePort: FIRST_PORT, destinationPort: FIRST_PORT + index })
    const packet = buildIP({ source, destination, protocolNumber: PROTOCOL_NUMBERS.UDP }, udp)
    return buildEthernet({ source: mac, destination: datagram.mac }, packet)
  })
  const last = buildEthernet(
    { source: mac, destination: kernel.place(to).mac, etherType: LAST_FRAME },
    new Uint8Array(46),
  )
  await lab.sendFrames(`shop/${from}`, [...frames, last])
  let seen = await portsSeen(kernel, receiver)
  const deadline = performance.now() + 5_000
  while (!seen.has(1) && performance.now() < deadline) seen = await portsSeen(kernel, receiver)
  if (!seen.has(1)) throw new Error(`the last frame from ${from} to ${to} is lost`)
  // The last one may have taken another core's queue.
  await sleep(20)
  seen = await portsSeen(kernel, receiver)
  await lab.nft(receiver, ['delete', 'table', ...TABLE.split(' ')])
  return Object.keys(datagrams).filter((_, index) => seen.has(FIRST_PORT + index))
}

const LISTENER = `table ${TABLE} {
  set seen { type inet_service; size 65535; flags dynamic; }
  chain note {
    type filter hook ingress device "eth0" priority -510; policy accept;
    meta pkttype other accept
    ether type ${LAST_FRAME} add @seen { 1 } accept
    udp sport ${FIRST_PORT} add @seen { udp dport } drop
  }
}
`

async function portsSeen(kernel: Kernel, receiver: string): Promise<ReadonlySet<number>> {
  const json = await kernel.lab.nft(receiver, ['-j', 'list', 'set', ...TABLE.split(' '), 'seen'])
  const listing = JSON.parse(json) as SetListing
  return new Set(listing.nftables.flatMap((entry) => entry.set?.elem ?? []))
}
