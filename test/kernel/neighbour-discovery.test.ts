import { expect, test } from 'vitest'
import { buildEthernet } from '../../src/lab/packets/build-ethernet.ts'
import { buildIcmpv6 } from '../../src/lab/packets/build-icmpv6.ts'
import { buildIPv6 } from '../../src/lab/packets/build-ipv6.ts'
import { buildMulticastListenerReport } from '../../src/lab/packets/build-multicast-listener-report.ts'
import { buildNeighbourSolicitation, solicitedNodeAddress } from '../../src/lab/packets/build-neighbour-solicitation.ts'
import { buildRouterAdvertisement } from '../../src/lab/packets/build-router-advertisement.ts'
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
  ['a neighbour solicitation', 135, 255],
  ['a neighbour advertisement', 136, 255],
  ['an MLD query', 130, 1],
  ['an MLD report', 131, 1],
  ['an MLD done', 132, 1],
  ['an MLDv2 report', 143, 1],
] as const

/** What a router alone says, whatever the hop limit. */
const OF_ROUTERS = [
  ['a router advertisement', 134, 255],
  ['a redirect', 137, 255],
  ['a router advertisement of another hop limit', 134, 64],
  ['a redirect of another hop limit', 137, 64],
] as const

const REFUSED = ['icmpv6 type 134 goto refuse-silently', 'icmpv6 type 137 goto refuse-silently']

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

    test('a router advertisement and a redirect of a pod reach nobody, closed or not', async () => {
      expect(await typesReaching(kernel, OF_ROUTERS)).toEqual(both(OF_ROUTERS))
      for (const policies of [[], [ingress('db', {}), egress('web', {})], CLOSED]) {
        await enforce(kernel.lab, policies)
        expect(await typesReaching(kernel, OF_ROUTERS)).toEqual([])
      }
    })

    test('a neighbour’s router advertisement gives a pod no address, and without its rule it would', async () => {
      for (const name of ['accept_ra', 'autoconf', 'accept_ra_pinfo']) {
        await kernel.lab.exec('shop/db', ['sysctl', '-qw', `net.ipv6.conf.eth0.${name}=1`])
      }
      await enforce(kernel.lab, [])
      await advertise(kernel, '2001:db8:bad::')
      expect(await typesReaching(kernel, [['an echo request', 128, 64]])).toHaveLength(2)
      expect(await addressesOf(kernel)).not.toContain('2001:db8:bad:')
      await enforce(kernel.lab, [], { edit: (text) => REFUSED.reduce((less, rule) => without(rule)(less), text) })
      await expect
        .poll(async () => {
          await advertise(kernel, '2001:db8:bad::')
          return addressesOf(kernel)
        }, PATIENCE)
        .toContain('2001:db8:bad:')
      await kernel.lab.exec('shop/db', ['sysctl', '-qw', 'net.ipv6.conf.eth0.accept_ra=0'])
      await kernel.lab.exec('shop/db', ['ip', '-6', 'address', 'flush', 'dev', 'eth0', 'dynamic'])
      await kernel.lab.exec('shop/db', ['ip', '-6', 'route', 'flush', 'proto', 'ra'])
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

/** Says from web, to every node of the link, that this is a prefix to make addresses of. */
async function advertise(kernel: Kernel, prefix: string): Promise<void> {
  const { mac, linkLocal } = kernel.place('web')
  const packet = buildRouterAdvertisement({ source: linkLocal, destination: 'ff02::1', prefix })
  const frame = buildEthernet({ source: mac, destination: multicastMac('ff02::1') }, packet)
  await kernel.lab.sendFrames('shop/web', [frame, frame])
}

async function addressesOf(kernel: Kernel): Promise<string> {
  const { stdout } = await kernel.lab.exec('shop/db', ['ip', '-6', 'address', 'show', 'dev', 'eth0'])
  return stdout
}

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
