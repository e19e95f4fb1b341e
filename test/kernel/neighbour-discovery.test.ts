import { expect, test } from 'vitest'
import { buildEthernet } from '../../src/lab/packets/build-ethernet.ts'
import { buildIcmpv6 } from '../../src/lab/packets/build-icmpv6.ts'
import { buildIPv6 } from '../../src/lab/packets/build-ipv6.ts'
import { buildMulticastListenerReport } from '../../src/lab/packets/build-multicast-listener-report.ts'
import { buildNeighbourSolicitation, solicitedNodeAddress } from '../../src/lab/packets/build-neighbour-solicitation.ts'
import { multicastMac } from '../../src/lab/packets/multicast-mac.ts'
import { PROTOCOL_NUMBERS } from '../../src/lab/packets/protocol-numbers.ts'
import type { FrameCounter } from '../../src/lab/frame-counter.ts'
import { enforce } from './enforce.ts'
import { framesArriving } from './frames-arriving.ts'
import { addressOf, describeKernel, type Kernel, PATIENCE } from './kernel-lab.ts'
import { app, closed, egress, ingress, tcp } from './policies.ts'
import { without } from './without.ts'

const CLOSED = [...closed('web'), ...closed('db')]

/** Types that RFC 4861 and RFC 2710/3810 need, with the hop limit that they are sent with. */
const NEEDED = [
  ['a router solicitation', 133, 255],
  ['a router advertisement', 134, 255],
  ['a neighbour solicitation', 135, 255],
  ['a neighbour advertisement', 136, 255],
  ['a redirect', 137, 255],
  ['an MLD query', 130, 1],
  ['an MLD report', 131, 1],
  ['an MLD done', 132, 1],
  ['an MLDv2 report', 143, 1],
] as const

describeKernel(
  'neighbour discovery and MLD',
  (kernel) => {
    test('a solicitation between closed pods is answered, and answered by the kernel of the other', async () => {
      await enforce(kernel.lab, CLOSED)
      const [web, db] = [kernel.place('web'), addressOf('db', 'IPv6')]
      const answers = await kernel.lab.received('shop/web', `icmpv6 type nd-neighbor-advert ip6 saddr ${db}`)
      const source = addressOf('web', 'IPv6')
      const packet = buildNeighbourSolicitation({ source, sourceMac: web.mac, target: db })
      const destination = multicastMac(solicitedNodeAddress(db))
      const frame = buildEthernet({ source: web.mac, destination }, packet)
      await expect.poll(() => sendAndCount(kernel, [frame], answers), PATIENCE).toBeGreaterThan(0)
      await answers.close()
    })

    test('pods that have forgotten each other’s MACs meet again, where policy lets them', async () => {
      await enforce(kernel.lab, [
        ingress('web'),
        egress('web', { to: [app('db')], ports: [tcp(80)] }),
        ingress('db', { from: [app('web')], ports: [tcp(80)] }),
        egress('db'),
      ])
      const server = await kernel.lab.serve('shop/db', { tcp: [80] })
      for (const pod of ['shop/web', 'shop/db']) {
        await kernel.lab.exec(pod, ['ip', '-6', 'neigh', 'flush', 'dev', 'eth0'])
      }
      const options = { timeoutMilliseconds: 5_000 }
      const result = await kernel.lab.connect('shop/web', addressOf('db', 'IPv6'), 80, 'TCP', options)
      expect(result).toEqual({ outcome: 'answered' })
      await server.close()
    })

    test('all types that they need reach a closed pod, to its address and to a group', async () => {
      await enforce(kernel.lab, CLOSED)
      expect(await typesReaching(kernel, NEEDED)).toEqual(both(NEEDED))
    })

    test('a packet of such a type that cannot be one, by its hop limit, is judged as any other', async () => {
      const forwarded = NEEDED.map(([name, type, hopLimit]) => [name, type, hopLimit === 1 ? 255 : 64] as const)
      const others = [
        ['an echo request', 128, 255],
        ['a node information query', 139, 255],
        ['an inverse solicitation', 141, 255],
        ['an echo request of one hop', 128, 1],
      ] as const
      expect(await typesReaching(kernel, [...forwarded, ...others])).toEqual(both([...forwarded, ...others]))
      await enforce(kernel.lab, CLOSED)
      expect(await typesReaching(kernel, [...forwarded, ...others])).toEqual([])
    })

    test('an MLDv2 report with its router alert passes the node', async () => {
      await enforce(kernel.lab, CLOSED)
      expect(await reportPasses(kernel)).toBe(true)
      await enforce(kernel.lab, CLOSED, { edit: without('ip6 hoplimit 1 icmpv6 type 143 accept') })
      expect(await reportPasses(kernel)).toBe(false)
    })

    test('without their rule none would pass', async () => {
      await enforce(kernel.lab, CLOSED, { edit: without('meta l4proto ipv6-icmp jump neighbours') })
      expect(await typesReaching(kernel, NEEDED)).toEqual([])
    })
  },
  ['bridged'],
)

/** Sends the frames from web; said again while there is no answer, as a busy kernel may lose some. */
async function sendAndCount(kernel: Kernel, frames: readonly Uint8Array[], counter: FrameCounter): Promise<number> {
  await kernel.lab.sendFrames('shop/web', frames)
  return counter.packets()
}

type Case = readonly [name: string, type: number, hopLimit: number]

const both = (cases: readonly Case[]) => cases.flatMap(([name]) => [`${name} to the pod`, `${name} to a group`])

/** Sends each as bare ICMPv6 message from web, and names those that db's eth0 sees. */
async function typesReaching(kernel: Kernel, cases: readonly Case[]): Promise<readonly string[]> {
  const [web, db] = [kernel.place('web'), kernel.place('db')]
  const source = addressOf('web', 'IPv6')
  const aims = [
    { destination: addressOf('db', 'IPv6'), mac: db.mac },
    { destination: 'ff02::1', mac: multicastMac('ff02::1') },
  ]
  const frames = cases.flatMap(([, type, hopLimit], index) =>
    aims.map(({ destination, mac }, aim) => {
      // Told apart by their length: no message of these types has a number of its own.
      const length = FIRST_LENGTH + index * 2 + aim
      const message = buildIcmpv6({ source, destination, type }, new Uint8Array(length - ICMPV6_HEADER))
      const packet = buildIPv6({ source, destination, nextHeader: PROTOCOL_NUMBERS.ICMPv6, hopLimit }, message)
      return [length, buildEthernet({ source: web.mac, destination: mac }, packet)] as const
    }),
  )
  const matcher = `ip6 saddr ${source} ip6 nexthdr ipv6-icmp`
  const seen = await framesArriving(kernel, {
    from: 'web',
    to: 'db',
    matcher,
    field: 'ip6 length',
    frames: new Map(frames),
  })
  return both(cases).filter((_, index) => seen.has(FIRST_LENGTH + index))
}

const ICMPV6_HEADER = 8
const FIRST_LENGTH = 108

/** Does a report get behind our table? */
async function reportPasses(kernel: Kernel): Promise<boolean> {
  const { mac, linkLocal } = kernel.place('web')
  const report = buildMulticastListenerReport({ source: linkLocal, group: 'ff02::1234' })
  const frame = buildEthernet({ source: mac, destination: multicastMac('ff02::16') }, report)
  await kernel.lab.loadRuleset(
    'node-1',
    `add table inet behind
delete table inet behind
table inet behind { chain watch { type filter hook forward priority filter + 20; icmpv6 type mld2-listener-report ip6 saddr ${linkLocal} counter; }
}
`,
  )
  await kernel.lab.exec('node-1', ['ip', 'link', 'set', 'dev', 'cni0', 'type', 'bridge', 'mcast_snooping', '0'])
  // Twice, as a busy kernel may lose one.
  for (let attempt = 0; attempt < 2; attempt += 1) await kernel.lab.sendFrames('shop/web', [frame])
  const text = await kernel.lab.nft('node-1', ['list', 'table', 'inet', 'behind'])
  return Number(/packets (\d+)/.exec(text)?.[1]) > 0
}
