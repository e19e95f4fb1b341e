import { expect, test } from 'vitest'
import { FAMILIES, type Family } from '../../compiler/addresses/address.ts'
import type { FrameCounter } from '../../src/lab/frame-counter.ts'
import { buildEthernet } from '../../src/lab/packets/build-ethernet.ts'
import { enforce } from './enforce.ts'
import { buildIcmpError } from './icmp-error.ts'
import { addressOf, describeKernel, type Kernel, PATIENCE } from './kernel-lab.ts'
import { passing, placeName, probe } from './passing.ts'
import { ANYWHERE, app, closed, egress, ingress, udp } from './policies.ts'
import { without } from './without.ts'

// trap 31: a pod closed both ways still talks with its own node
// trap 36: errors about allowed flows pass, ping follows policy

/** web may speak UDP 443 with the world and UDP 53 with db; nobody may ping. */
const NO_ICMP = [
  ingress('web'),
  egress('web', { to: ANYWHERE, ports: [udp(443)] }, { to: [app('db')], ports: [udp(53)] }),
  ingress('db', { from: [app('web')], ports: [udp(53)] }),
  egress('db'),
]

const A_ROUTER = { IPv4: '198.51.100.1', IPv6: '2001:db8:5::1' }
const ERRORS = {
  IPv4: {
    'too big': 'icmp type destination-unreachable icmp code frag-needed',
    'port unreachable': 'icmp type destination-unreachable icmp code port-unreachable',
  },
  IPv6: {
    'too big': 'icmpv6 type packet-too-big',
    'port unreachable': 'icmpv6 type destination-unreachable icmpv6 code port-unreachable',
  },
} as const

describeKernel('ICMP', (kernel, arrangement) => {
  test.each(FAMILIES)(
    'errors about an allowed flow reach its sender, though ICMP is not granted, %s',
    async (family) => {
      await enforce(kernel.lab, NO_ICMP)
      const flow = probe(family, 'web', 'outside', { protocol: 'UDP', port: 443, sourcePort: 401 })
      expect(await passing(kernel.lab, { flow })).toEqual(['flow'])
      for (const kind of ['too big', 'port unreachable'] as const) {
        const counter = await kernel.lab.received('shop/web', ERRORS[family][kind])
        await expect.poll(() => sendAndCount(kernel, family, kind, 401, 443, counter), PATIENCE).toBeGreaterThan(0)
        await counter.close()
      }
    },
  )

  test.each(FAMILIES)('errors about a flow that is not allowed, or never was, do not, %s', async (family) => {
    await enforce(kernel.lab, NO_ICMP)
    const flow = probe(family, 'web', 'outside', { protocol: 'UDP', port: 444, sourcePort: 402 })
    const allowed = probe(family, 'web', 'outside', { protocol: 'UDP', port: 443, sourcePort: 403 })
    expect(await passing(kernel.lab, { flow, allowed })).toEqual(['allowed'])
    const unreachable = await kernel.lab.received('shop/web', ERRORS[family]['port unreachable'])
    await sendError(kernel, family, 'port unreachable', 402, 444)
    await sendError(kernel, family, 'port unreachable', 404, 443)
    // The one that may pass comes last: once it is there, the others would be.
    const tooBig = await kernel.lab.received('shop/web', ERRORS[family]['too big'])
    await expect.poll(() => sendAndCount(kernel, family, 'too big', 403, 443, tooBig), PATIENCE).toBeGreaterThan(0)
    expect(await unreachable.packets()).toBe(0)
    await Promise.all([unreachable.close(), tooBig.close()])
  })

  test.each(FAMILIES)('a closed port of an isolated pod is told to who may ask it, %s', async (family) => {
    await enforce(kernel.lab, NO_ICMP)
    const ask = (port: number) =>
      kernel.lab.connect('shop/web', addressOf('db', family), port, 'UDP', {
        timeoutMilliseconds: port === 53 ? 5_000 : 300,
      })
    expect(await Promise.all([ask(53), ask(54)])).toMatchObject([{ outcome: 'refused' }, { outcome: 'silent' }])
  })

  test('without the rule for related errors the sender is told nothing', async () => {
    const edit = without('ct state related meta l4proto icmp accept')
    await enforce(kernel.lab, NO_ICMP, { edit })
    const ask = () => kernel.lab.connect('shop/web', addressOf('db', 'IPv4'), 53, 'UDP', { timeoutMilliseconds: 300 })
    expect(await ask()).toMatchObject({ outcome: 'silent' })
  })

  test.each(FAMILIES)('a ping passes by a grant without ports, and by no other, %s', async (family) => {
    const ping = (from: 'web' | 'idle' | 'far', identifier: number) =>
      probe(family, from, 'db', { protocol: 'ICMP', sourcePort: identifier })
    const rules = [
      { from: [app('web')] },
      { from: [app('idle')], ports: [{ protocol: 'UDP' }, { protocol: 'TCP' }] },
      { from: [app('far')], ports: [{ protocol: 'TCP', port: 1, endPort: 65535 }] },
    ]
    await enforce(kernel.lab, [ingress('db', ...rules), egress('db')])
    expect(
      await passing(kernel.lab, {
        'all ports': ping('web', 501),
        'protocols only': ping('idle', 501),
        'every TCP port': ping('far', 501),
        'another protocol, all ports': probe(family, 'web', 'db', { protocol: 'SCTP', port: 9 }),
      }),
    ).toEqual(['all ports', 'another protocol, all ports'])
    const pong = (to: 'web' | 'idle', identifier: number) =>
      probe(family, 'db', to, { protocol: 'ICMP', echo: 'reply', sourcePort: identifier })
    expect(
      await passing(kernel.lab, {
        'the answer': pong('web', 501),
        'an answer to a denied one': pong('idle', 501),
        'an answer to none': pong('web', 502),
        'a ping the other way': probe(family, 'db', 'web', { protocol: 'ICMP', sourcePort: 503 }),
      }),
    ).toEqual(['the answer'])
  })

  test('a pod closed both ways is pinged by its own node, and pings it', async () => {
    await enforce(kernel.lab, closed('db'))
    const node = kernel.lab.nodes[0]
    for (const family of FAMILIES) {
      const gateway = node?.gateway[family] ?? ''
      expect(
        await passing(kernel.lab, {
          'from the node': { from: 'node-1', toAddress: addressOf('db', family), protocol: 'ICMP' },
          'to the node': { from: 'shop/db', toAddress: gateway, to: 'node-1', protocol: 'ICMP' },
          'to the other node': {
            from: 'shop/db',
            toAddress: kernel.lab.nodes[1]?.underlay[family] ?? '',
            protocol: 'ICMP',
          },
          'from the other node': { from: 'node-2', toAddress: addressOf('db', family), protocol: 'ICMP' },
        }),
        `${arrangement} ${family}`,
      ).toEqual(['from the node', 'to the node'])
    }
  })
})

/** Complains, and counts what has come; said again while nothing has, as a busy kernel may lose some. */
async function sendAndCount(
  kernel: Kernel,
  family: Family,
  kind: 'too big' | 'port unreachable',
  sourcePort: number,
  destinationPort: number,
  counter: FrameCounter,
): Promise<number> {
  await sendError(kernel, family, kind, sourcePort, destinationPort)
  return counter.packets()
}

/** A router between node-1 and the world complains to web about a datagram of its to the outside. */
async function sendError(
  kernel: Kernel,
  family: Family,
  kind: 'too big' | 'port unreachable',
  sourcePort: number,
  destinationPort: number,
): Promise<void> {
  const about = {
    source: addressOf('web', family),
    destination: addressOf('outside', family),
    sourcePort,
    destinationPort,
  }
  const source = kind === 'too big' ? A_ROUTER[family] : about.destination
  const { mac } = kernel.lab.outside
  const node = kernel.lab.nodes[0]
  if (node === undefined) throw new Error('the lab has a node-1')
  const frame = buildEthernet({ source: mac, destination: node.mac }, buildIcmpError({ source, about, kind }))
  await kernel.lab.sendFrames(placeName('outside'), [frame])
}
