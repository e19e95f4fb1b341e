import { expect, test } from 'vitest'
import { FAMILIES } from '../../compiler/addresses/address.ts'
import { buildEthernet } from '../../src/lab/packets/build-ethernet.ts'
import { buildIP } from '../../src/lab/packets/build-ip.ts'
import { buildUdp } from '../../src/lab/packets/build-udp.ts'
import { multicastMac } from '../../src/lab/packets/multicast-mac.ts'
import { PROTOCOL_NUMBERS } from '../../src/lab/packets/protocol-numbers.ts'
import { enforce } from './enforce.ts'
import { framesArriving } from './frames-arriving.ts'
import { addressOf, describeKernel, type Kernel, rawPods } from './kernel-lab.ts'
import { passing, probe } from './passing.ts'
import { ANYWHERE, closed, egress, ingress } from './policies.ts'
import { without } from './without.ts'

// trap 53: fe80:: of an isolated pod does not answer its neighbours
// trap 54: broadcast and multicast do not reach an isolated pod of the bridge

const BROADCAST_MAC = 'ff:ff:ff:ff:ff:ff'

describeKernel(
  'link-local, broadcast and multicast between pods of a bridge',
  (kernel) => {
    const all = () => Object.keys(walkAround(kernel))
    const reaching = () => datagramsReaching(kernel)

    test('they pass while no pod of the node is isolated', async () => {
      expect(await reaching()).toEqual(all())
      await enforce(kernel.lab, closed('far'))
      expect(await reaching()).toEqual(all())
    })

    test.each([
      ['the receiver', closed('db')],
      ['the sender', closed('web')],
      ['a third one', closed('idle')],
      ['one direction of the receiver', [ingress('db')]],
      ['one direction of the sender', [egress('web')]],
    ])('none passes while %s is isolated', async (_, policies) => {
      await enforce(kernel.lab, policies)
      expect(await reaching()).toEqual([])
    })

    test('none passes where pods have IPv4 addresses alone, or IPv6 alone', async () => {
      await enforce(kernel.lab, closed('db'), { pods: rawPods(['IPv4']) })
      expect(await reaching()).toEqual([])
      await enforce(kernel.lab, closed('db'), { pods: rawPods(['IPv6']) })
      expect(await reaching()).toEqual([])
    })

    test('a grant of every address and port does not open them', async () => {
      const everything = [ingress('db', {}), egress('db', {}), egress('web', { to: ANYWHERE })]
      await enforce(kernel.lab, everything)
      // Its own address is what policy speaks of, whatever the frame was addressed to.
      expect(await reaching()).toEqual(['the own address, in a broadcast frame'])
      expect(
        await passing(kernel.lab, {
          IPv4: probe('IPv4', 'web', 'db', { protocol: 'UDP', port: 9 }),
          IPv6: probe('IPv6', 'web', 'db', { protocol: 'UDP', port: 9 }),
        }),
      ).toEqual(['IPv4', 'IPv6'])
    })

    test('they pass when they are to pass, unless they come from or go to a closed pod by its own address', async () => {
      const options = { bridgeLocal: 'pass' } as const
      const datagrams = Object.entries(walkAround(kernel))
      await enforce(kernel.lab, closed('idle'), { options })
      expect(await reaching()).toEqual(all())
      await enforce(kernel.lab, closed('db'), { options })
      const toOthers = datagrams.filter(([, { destination }]) => !isOwn('db', destination)).map(([name]) => name)
      expect(await reaching()).toEqual(toOthers)
      await enforce(kernel.lab, closed('web'), { options })
      const ofOthers = datagrams.filter(([, { source }]) => !isOwn('web', source)).map(([name]) => name)
      expect(await reaching()).toEqual(ofOthers)
      expect([toOthers.length, ofOthers.length]).toEqual([all().length - 2, expect.toSatisfy((count) => count > 3)])
    })

    test('isolation that begins closes them, and the end of the last one opens them', async () => {
      const enforced = await enforce(kernel.lab, [])
      expect(await reaching()).toEqual(all())
      await enforced.change(closed('idle'))
      expect(await reaching()).toEqual([])
      await enforced.change([...closed('idle'), ...closed('db')])
      expect(await reaching()).toEqual([])
      await enforced.change(closed('db'))
      expect(await reaching()).toEqual([])
      await enforced.change([])
      expect(await reaching()).toEqual(all())
    })

    test.each([
      ['meta pkttype != host jump bridge-local', []],
      [
        'ip daddr 224.0.0.0/4 jump bridge-local',
        ['an IPv4 group, to one station', 'a group of the link, to one station'],
      ],
      [
        'ip daddr & 0.0.0.3 == 0.0.0.3 fib daddr type broadcast jump bridge-local',
        ['the subnet’s broadcast, to one station', 'the limited broadcast, to one station'],
      ],
      ['ip daddr 0.0.0.0/8 jump bridge-local', ['nobody to nobody, to one station']],
      ['ip6 saddr fe00::/8 jump link-local', ['from a link-local address to a pod’s own']],
    ])('each rule is needed: without "%s" some reach a pod that no rule names', async (rule, opened) => {
      await enforce(kernel.lab, closed('idle'), { edit: without(rule) })
      const reached = await reaching()
      for (const name of opened) expect(reached).toContain(name)
      if (opened.length === 0) expect(reached).toContain('the own address, in a broadcast frame')
    })
  },
  ['bridged'],
)

/** A datagram as it is to stand on the wire. */
interface Datagram {
  readonly source: string
  readonly destination: string
  readonly mac: string
}

const FIRST_PORT = 5001

/** Sends them all from web, and names those that db's eth0 sees. */
async function datagramsReaching(kernel: Kernel): Promise<readonly string[]> {
  const datagrams = walkAround(kernel)
  const frames = Object.values(datagrams).map(({ source, destination, mac }, index) => {
    const destinationPort = FIRST_PORT + index
    const udp = buildUdp({ source, destination, sourcePort: FIRST_PORT, destinationPort })
    const packet = buildIP({ source, destination, protocolNumber: PROTOCOL_NUMBERS.UDP }, udp)
    return [destinationPort, buildEthernet({ source: kernel.place('web').mac, destination: mac }, packet)] as const
  })
  const matcher = `udp sport ${FIRST_PORT}`
  const seen = await framesArriving(kernel, {
    from: 'web',
    to: 'db',
    matcher,
    field: 'udp dport',
    frames: new Map(frames),
  })
  return Object.keys(datagrams).filter((_, index) => seen.has(FIRST_PORT + index))
}

/** Ways from web to db that no address rule sees, in the frames that a host sends and in frames to db's MAC alone. */
function walkAround(kernel: Kernel): Readonly<Record<string, Datagram>> {
  const [web, db] = [kernel.place('web'), kernel.place('db')]
  const source = addressOf('web', 'IPv4')
  const six = addressOf('web', 'IPv6')
  return {
    'link-local to link-local': { source: web.linkLocal, destination: db.linkLocal, mac: db.mac },
    'to a link-local address': { source: six, destination: db.linkLocal, mac: db.mac },
    'from a link-local address to a pod’s own': {
      source: web.linkLocal,
      destination: addressOf('db', 'IPv6'),
      mac: db.mac,
    },
    'from somebody else’s link-local address': { source: 'fe80::1', destination: db.linkLocal, mac: db.mac },
    'the subnet’s broadcast': { source, destination: '10.244.1.255', mac: BROADCAST_MAC },
    'the limited broadcast': { source, destination: '255.255.255.255', mac: BROADCAST_MAC },
    'an IPv4 group': { source, destination: '239.1.1.1', mac: multicastMac('239.1.1.1') },
    'all hosts': { source, destination: '224.0.0.1', mac: multicastMac('224.0.0.1') },
    'all IPv6 nodes of the link': { source: web.linkLocal, destination: 'ff02::1', mac: multicastMac('ff02::1') },
    'all nodes, from the own address': { source: six, destination: 'ff02::1', mac: multicastMac('ff02::1') },
    'an IPv6 group of the site': { source: six, destination: 'ff05::1234', mac: multicastMac('ff05::1234') },
    'from nobody': { source: '0.0.0.0', destination: '255.255.255.255', mac: BROADCAST_MAC },
    'the own address, in a broadcast frame': { source, destination: addressOf('db', 'IPv4'), mac: BROADCAST_MAC },
    'the subnet’s broadcast, to one station': { source, destination: '10.244.1.255', mac: db.mac },
    'the limited broadcast, to one station': { source, destination: '255.255.255.255', mac: db.mac },
    'nobody to nobody, to one station': { source: '0.0.0.0', destination: '0.0.0.0', mac: db.mac },
    'an IPv4 group, to one station': { source, destination: '239.1.1.1', mac: db.mac },
    'a group of the link, to one station': { source, destination: '224.0.0.251', mac: db.mac },
    'all IPv6 nodes, to one station': { source: web.linkLocal, destination: 'ff02::1', mac: db.mac },
    'a node’s group of the interface, to one station': { source: six, destination: 'ff01::1', mac: db.mac },
  }
}

function isOwn(name: 'web' | 'db', address: string): boolean {
  return FAMILIES.some((family) => addressOf(name, family) === address)
}
