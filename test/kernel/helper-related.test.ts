import { expect, test } from 'vitest'
import { FAMILIES, type Family } from '../../compiler/addresses/address.ts'
import { buildEthernet } from '../../src/lab/packets/build-ethernet.ts'
import { buildIP } from '../../src/lab/packets/build-ip.ts'
import { buildTcp, type TcpFlag } from '../../src/lab/packets/build-tcp.ts'
import { PROTOCOL_NUMBERS } from '../../src/lab/packets/protocol-numbers.ts'
import { readCounters } from './counters.ts'
import { enforce } from './enforce.ts'
import { addressOf, describeKernel, type Kernel } from './kernel-lab.ts'
import { inBoth, passing, passingInBoth, probe } from './passing.ts'
import { app, egress, ingress, tcp, udp } from './policies.ts'
import { replacing } from './without.ts'

// trap 56: an FTP helper opens no port that policy does not

/** web may ask db at these ports; nothing else. */
const asking = (...ports: Parameters<typeof udp>) => [
  ingress('web'),
  egress('web', { to: [app('db')], ports: ports.flatMap((port) => [tcp(port), udp(port)]) }),
  ingress('db', { from: [app('web')], ports: ports.flatMap((port) => [tcp(port), udp(port)]) }),
  egress('db'),
]

/** Who asks at UDP 53 is expected to be called back at 1001: what a helper for such a protocol would say. */
const EXPECTING = `table inet helpers {
  ct expectation back4 { protocol udp; dport 1001; timeout 10m; size 12; l3proto ip; }
  ct expectation back6 { protocol udp; dport 1001; timeout 10m; size 12; l3proto ip6; }
  counter related { }
  counter inherited { }
  chain prerouting {
    type filter hook prerouting priority filter; policy accept;
    meta nfproto ipv4 udp dport 53 ct expectation set "back4"
    meta nfproto ipv6 udp dport 53 ct expectation set "back6"
    udp dport 1001 ct state related counter name related ct mark & 0xfff00000 != 0 counter name inherited
  }
}
`

describeKernel('what a helper expects', (kernel) => {
  const ask = (family: Family) => ({ ask: probe(family, 'web', 'db', { protocol: 'UDP', port: 53 }) })
  const callBack = (family: Family) => ({ back: probe(family, 'db', 'web', { protocol: 'UDP', port: 1001 }) })

  test('is judged by itself, whatever mark it inherits', async () => {
    await kernel.lab.loadRuleset('node-1', EXPECTING)
    await enforce(kernel.lab, asking(53))
    expect(await passingInBoth(kernel.lab, ask)).toEqual(inBoth(['ask']))
    expect(await passingInBoth(kernel.lab, callBack)).toEqual(inBoth([]))
    // The kernel did take one of each family for related, with its master's mark.
    const { related = 0, inherited = 0 } = await readCounters(kernel.lab, 'node-1', 'inet helpers')
    expect(related).toBeGreaterThanOrEqual(2)
    expect(inherited).toBe(related)
  })

  test('passes where policy lets it', async () => {
    await kernel.lab.loadRuleset('node-1', EXPECTING)
    await enforce(kernel.lab, [
      ingress('web', { from: [app('db')], ports: [udp(1001)] }),
      egress('db', { to: [app('web')], ports: [udp(1001)] }),
      ingress('db', { from: [app('web')], ports: [udp(53)] }),
    ])
    expect(await passingInBoth(kernel.lab, ask)).toEqual(inBoth(['ask']))
    expect(await passingInBoth(kernel.lab, callBack)).toEqual(inBoth(['back']))
  })

  test.each([
    ['the mark alone', / ct state != related accept/, ' accept'],
    ['whatever is related', / meta l4proto icmpv?6? ?accept/, ' accept'],
  ])('would pass if %s were enough', async (_, rule, other) => {
    await kernel.lab.loadRuleset('node-1', EXPECTING)
    await enforce(kernel.lab, asking(53), { edit: (text) => text.replace(rule, other) })
    expect(await passing(kernel.lab, ask('IPv4'))).toEqual(['ask'])
    expect(await passing(kernel.lab, callBack('IPv4'))).toEqual(['back'])
  })

  test('an FTP server’s word opens no port', async (context) => {
    const loaded = await kernel.lab.exec('node-1', ['nft', '-f', '-'], { input: FTP })
    if (loaded.exitCode !== 0) context.skip(`this kernel has no FTP helper: ${loaded.stderr}`)
    for (const pod of ['shop/web', 'shop/db']) await kernel.lab.nft(pod, ['-f', '-'], DEAF)
    await enforce(kernel.lab, asking(21))
    await talkFtp(kernel)
    const data = (family: Family) => ({ data: probe(family, 'web', 'db', { protocol: 'TCP', port: DATA_PORT }) })
    expect(await passingInBoth(kernel.lab, data)).toEqual(inBoth([]))
    const { related = 0 } = await readCounters(kernel.lab, 'node-1', 'inet helpers')
    expect(related).toBeGreaterThanOrEqual(2)

    const edit = replacing(' ct state != related accept', ' accept')
    await enforce(kernel.lab, asking(21), { edit })
    await talkFtp(kernel)
    expect(await passingInBoth(kernel.lab, data)).toEqual(inBoth(['data']))
    for (const pod of ['shop/web', 'shop/db']) await kernel.lab.nft(pod, ['delete', 'table', 'netdev', 'deaf'])
  })
})

const DATA_PORT = 1002
const FTP = `table inet helpers {
  ct helper ftp { type "ftp" protocol tcp; }
  counter related { }
  chain prerouting {
    type filter hook prerouting priority filter; policy accept;
    tcp dport 21 ct helper set "ftp"
    tcp dport ${DATA_PORT} ct state related counter name related
  }
}
`

/** The pods' own stacks must not answer: both sides of the conversation are ours. */
const DEAF = `table netdev deaf {
  chain ingress { type filter hook ingress device "eth0" priority -510; tcp dport 21 drop; tcp sport 21 drop; }
}
`

let nextPort = 2100

type Word = readonly [
  from: 'web' | 'db',
  flags: readonly TcpFlag[],
  sequence: number,
  acknowledged: number,
  text: string,
]

/** A control connection of web to db, one of each family, in which db says where it waits (RFC 959, RFC 2428). */
async function talkFtp(kernel: Kernel): Promise<void> {
  const clientPort = nextPort
  nextPort += 1
  const [ofIPv4, ofIPv6] = FAMILIES.map(conversation)
  for (const [index, word] of (ofIPv4 ?? []).entries()) {
    const frames = [
      frameOf(kernel, 'IPv4', clientPort, word),
      frameOf(kernel, 'IPv6', clientPort, ofIPv6?.[index] ?? word),
    ]
    await kernel.lab.sendFrames(`shop/${word[0]}`, frames)
  }
}

function conversation(family: Family): readonly Word[] {
  const address = addressOf('db', 'IPv4').replaceAll('.', ',')
  const passive = `227 Entering Passive Mode (${address},${DATA_PORT >> 8},${DATA_PORT & 0xff})\r\n`
  const extended = `229 Entering Extended Passive Mode (|||${DATA_PORT}|)\r\n`
  const greeting = '220 ready\r\n'
  const greeted = 501 + greeting.length
  return [
    ['web', ['SYN'], 100, 0, ''],
    ['db', ['SYN', 'ACK'], 500, 101, ''],
    ['web', ['ACK'], 101, 501, ''],
    ['db', ['PSH', 'ACK'], 501, 101, greeting],
    ['web', ['ACK'], 101, greeted, ''],
    ['db', ['PSH', 'ACK'], greeted, 101, family === 'IPv4' ? passive : extended],
  ]
}

function frameOf(kernel: Kernel, family: Family, clientPort: number, word: Word): Uint8Array {
  const [from, flags, sequence, acknowledgement, text] = word
  const to = from === 'web' ? 'db' : 'web'
  const [source, destination] = [addressOf(from, family), addressOf(to, family)]
  const [sourcePort, destinationPort] = from === 'web' ? [clientPort, 21] : [21, clientPort]
  const fields = { source, destination, sourcePort, destinationPort, flags, sequence, acknowledgement }
  const segment = buildTcp(fields, new TextEncoder().encode(text))
  const packet = buildIP({ source, destination, protocolNumber: PROTOCOL_NUMBERS.TCP }, segment)
  const { mac, hostMac } = kernel.place(from)
  const next = kernel.lab.arrangement === 'bridged' ? kernel.place(to).mac : hostMac
  return buildEthernet({ source: mac, destination: next }, packet)
}
