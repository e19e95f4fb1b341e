import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { FAMILIES, type Family } from '../../compiler/addresses/address.ts'
import { buildEthernet, ETHERTYPES } from '../../src/lab/packets/build-ethernet.ts'
import { buildIP } from '../../src/lab/packets/build-ip.ts'
import { buildUdp } from '../../src/lab/packets/build-udp.ts'
import { PROTOCOL_NUMBERS } from '../../src/lab/packets/protocol-numbers.ts'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { enforce } from './enforce.ts'
import { addressOf, describeKernel, type Kernel } from './kernel-lab.ts'
import { closed } from './policies.ts'

// What docs/security.md says of tags: a raw socket (NET_RAW) puts them before a packet for a closed neighbour.

const C_TAG = 0x8100
const S_TAG = 0x88a8

/** Each tag as EtherType and VLAN identifier, the outer one first. */
const TAGS: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  none: [],
  'tag 0': [[C_TAG, 0]],
  'tag 5': [[C_TAG, 5]],
  'tags 0 and 0': [
    [C_TAG, 0],
    [C_TAG, 0],
  ],
  'service tag 0': [[S_TAG, 0]],
  'service tag 0 and tag 0': [
    [S_TAG, 0],
    [C_TAG, 0],
  ],
  'tags 0 and 5': [
    [C_TAG, 0],
    [C_TAG, 5],
  ],
  'three tags 0': [
    [C_TAG, 0],
    [C_TAG, 0],
    [C_TAG, 0],
  ],
}

const SEVERAL = ['tags 0 and 0', 'service tag 0 and tag 0', 'three tags 0']

const FIRST_PORT = 700
const SECURITY = join(PROJECT_ROOT, 'docs', 'security.md')

describeKernel(
  'frames with VLAN tags between pods of a bridge',
  (kernel) => {
    test.each(FAMILIES)(
      'one tag 0, or several, walk around every rule while br_netfilter is not told of tags, %s',
      async (family) => {
        await enforce(kernel.lab, closed('db'))
        expect(await reaching(kernel, family)).toEqual(['tag 0', 'service tag 0', ...SEVERAL])
      },
    )

    test.each(FAMILIES)('told of them it sees a single one; behind two it finds no IP packet, %s', async (family) => {
      await tell(kernel, '1')
      expect(await reaching(kernel, family)).toEqual(['none', 'tag 0', 'service tag 0', ...SEVERAL])
      await enforce(kernel.lab, closed('db'))
      expect(await reaching(kernel, family)).toEqual(SEVERAL)
      await tell(kernel, '0')
    })

    test.each(FAMILIES)('the table that docs/security.md shows ends them all, and nothing else, %s', async (family) => {
      const [, table] = /```\n(table bridge [^`]*)```/.exec(readFileSync(SECURITY, 'utf8')) ?? []
      await kernel.lab.loadRuleset('node-1', table ?? '')
      expect(await reaching(kernel, family)).toEqual(['none'])
      await kernel.lab.loadRuleset('node-1', 'delete table bridge no-tags\n')
    })
  },
  ['bridged'],
)

async function tell({ lab }: Kernel, value: string): Promise<void> {
  const { exitCode } = await lab.exec('node-1', [
    'sh',
    '-c',
    `echo ${value} > /proc/sys/net/bridge/bridge-nf-filter-vlan-tagged`,
  ])
  expect(exitCode).toBe(0)
}

/** Which of the tagged packets of web come to the input hook of db. */
async function reaching(kernel: Kernel, family: Family): Promise<readonly string[]> {
  const [source, destination] = [addressOf('web', family), addressOf('db', family)]
  const frames = Object.values(TAGS).map((tags, index) => {
    const udp = buildUdp({ source, destination, sourcePort: 699, destinationPort: FIRST_PORT + index })
    return tagged(kernel, tags, buildIP({ source, destination, protocolNumber: PROTOCOL_NUMBERS.UDP }, udp), family)
  })
  await kernel.lab.nft('shop/db', ['-f', '-'], COUNT)
  await kernel.lab.sendFrames('shop/web', frames)
  await sleep(50)
  const json = await kernel.lab.nft('shop/db', ['-j', 'list', 'set', 'inet', 'seen', 'ports'])
  await kernel.lab.nft('shop/db', ['delete', 'table', 'inet', 'seen'])
  const listing = JSON.parse(json) as {
    readonly nftables: readonly { readonly set?: { readonly elem?: readonly number[] } }[]
  }
  const ports = listing.nftables.flatMap(({ set }) => set?.elem ?? [])
  const names = Object.keys(TAGS).filter((_, index) => ports.includes(FIRST_PORT + index))
  return [...names.filter((name) => !SEVERAL.includes(name)), ...names.filter((name) => SEVERAL.includes(name))]
}

const COUNT = `table inet seen {
  set ports { type inet_service; size 65535; flags dynamic; }
  chain input {
    type filter hook input priority -500; policy accept;
    udp sport 699 add @ports { udp dport }
  }
}
`

function tagged(
  kernel: Kernel,
  tags: readonly (readonly [number, number])[],
  packet: Uint8Array,
  family: Family,
): Uint8Array {
  const ends = { source: kernel.place('web').mac, destination: kernel.place('db').mac }
  const [first, ...others] = [...tags.map(([type]) => type), ETHERTYPES[family]]
  const header = new Uint8Array(tags.length * 4)
  const view = new DataView(header.buffer)
  for (const [index, [, vlan]] of tags.entries()) {
    view.setUint16(index * 4, vlan)
    view.setUint16(index * 4 + 2, others[index] ?? 0)
  }
  return buildEthernet({ ...ends, etherType: first ?? ETHERTYPES[family] }, Buffer.concat([header, packet]))
}
