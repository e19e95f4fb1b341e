import { setTimeout as sleep } from 'node:timers/promises'
import { buildEthernet } from '../../src/lab/packets/build-ethernet.ts'
import type { Kernel, PodName } from './kernel-lab.ts'

export interface NumberedFrames {
  readonly from: PodName
  /** A pod of the same bridge. */
  readonly to: PodName
  /** What to look for at the receiver (the left side of an nft rule), and the field by which its frames are told apart. */
  readonly matcher: string
  readonly field: 'udp dport' | 'ip6 length'
  /** Each frame by the value of that field; not 1. */
  readonly frames: ReadonlyMap<number, Uint8Array>
}

interface SetListing {
  readonly nftables: readonly { readonly set?: { readonly elem?: readonly number[] } }[]
}

/** Local experimental EtherType 1 (IEEE 802): no rule of any IP table looks at it. */
const LAST_FRAME = 0x88b5
const TABLE = 'netdev selvedge-test-seen'
const ATTEMPTS = 2

/** The numbers of the frames that arrive; sent again before they count as lost, since a busy kernel may drop some. */
export async function framesArriving(kernel: Kernel, sent: NumberedFrames): Promise<ReadonlySet<number>> {
  const { from, to, frames } = sent
  const { lab } = kernel
  const last = buildEthernet(
    { source: kernel.place(from).mac, destination: kernel.place(to).mac, etherType: LAST_FRAME },
    new Uint8Array(46),
  )
  await lab.nft(`shop/${to}`, ['-f', '-'], listenerText(sent))
  let seen: ReadonlySet<number> = new Set()
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const missing = [...frames].flatMap(([number, frame]) => (seen.has(number) ? [] : [frame]))
    if (missing.length === 0 && seen.has(1)) break
    await lab.sendFrames(`shop/${from}`, [...missing, last])
    // The last one may have taken another core's queue.
    await sleep(20)
    seen = await numbersSeen(kernel, to)
  }
  if (!seen.has(1)) throw new Error(`frames from ${from} to ${to} are lost, whatever they are`)
  await lab.nft(`shop/${to}`, ['delete', 'table', ...TABLE.split(' ')])
  return seen
}

function listenerText({ matcher, field }: NumberedFrames): string {
  return `table ${TABLE} {
  set seen { typeof ${field}; size 65535; flags dynamic; }
  chain note {
    type filter hook ingress device "eth0" priority -510; policy accept;
    meta pkttype other accept
    ether type ${LAST_FRAME} add @seen { 1 } accept
    ${matcher} add @seen { ${field} } drop
  }
}
`
}

async function numbersSeen(kernel: Kernel, receiver: PodName): Promise<ReadonlySet<number>> {
  const json = await kernel.lab.nft(`shop/${receiver}`, ['-j', 'list', 'set', ...TABLE.split(' '), 'seen'])
  const listing = JSON.parse(json) as SetListing
  return new Set(listing.nftables.flatMap((entry) => entry.set?.elem ?? []))
}
