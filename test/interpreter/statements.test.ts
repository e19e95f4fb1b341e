import { expect, test } from 'vitest'
import { applyTransaction, createTable, type Packet, runPacket, type Tracked } from './interpreter.ts'
import { makeIcmpv6, makePacket, makePacket6, NEW } from './make-packet.ts'

const SETS = `
  set hash {
    type ipv4_addr
    elements = { 10.0.0.1, 10.0.0.7 }
  }
  set hash6 {
    type ipv6_addr
    elements = { fd00:0:0::1 }
  }
  set pairs {
    type ipv4_addr . ipv4_addr
    elements = { 10.0.0.1 . 10.0.0.1 }
  }
  set triple {
    type ipv4_addr . inet_proto . inet_service
    elements = { 10.0.0.1 . tcp . 80, 10.0.0.1 . 17 . 53 }
  }
  set ports {
    type inet_proto . inet_service
    elements = { tcp . 80 }
  }
  set whole {
    type ipv4_addr . inet_proto
    flags interval
    elements = { 0.0.0.0-9.255.255.255 . 0-255, 10.0.0.0/24 . tcp, 10.0.1.0/24 . 0-255 }
  }
  set boxes {
    type ipv4_addr . inet_proto . inet_service
    flags interval
    elements = { 10.0.0.0/31 . tcp . 80-90, 10.0.0.2 . tcp . 80 }
  }`

function matches(rule: string, packet: Packet, tracked: Tracked = NEW): boolean {
  const table = createTable()
  const chain = `chain forward {\n type filter hook forward priority filter + 5; policy accept;\n ${rule} drop\n}`
  applyTransaction(table, `table inet selvedge {\n${chain}\n${SETS}\n}\n`)
  return runPacket(table, packet, tracked).verdict === 'drop'
}

const tcp = makePacket()
const udp = makePacket({ protocol: 17, destinationPort: 53 })
const tcp6 = makePacket6()
const ping = makePacket({ protocol: 1, sourcePort: undefined, destinationPort: undefined })

const CASES: readonly (readonly [rule: string, what: string, packet: Packet, matches: boolean])[] = [
  ['counter', 'everything', tcp, true],
  ['meta nfproto ipv4', 'IPv4', tcp, true],
  ['meta nfproto ipv4', 'IPv6', tcp6, false],
  ['meta nfproto ipv6', 'IPv6', tcp6, true],
  ['meta l4proto tcp', 'TCP', tcp, true],
  ['meta l4proto 6', 'TCP', tcp, true],
  ['meta l4proto != tcp', 'TCP', tcp, false],
  ['meta l4proto ipv6-icmp', 'ICMPv6', makeIcmpv6(128, 64), true],
  ['meta l4proto icmp', 'ICMP', ping, true],
  ['meta pkttype != host', 'a unicast frame', tcp, false],
  ['meta pkttype != host', 'a broadcast frame', makePacket({ packetType: 'broadcast' }), true],
  ['meta pkttype multicast', 'a broadcast frame', makePacket({ packetType: 'broadcast' }), false],
  ['fib daddr type broadcast', 'a broadcast address', makePacket({ fibDestinationType: 'broadcast' }), true],
  ['fib daddr type broadcast', 'a host address', tcp, false],
  ['ip saddr 10.0.0.1', 'that source', tcp, true],
  [
    'ip saddr 10.0.0.1',
    'that address as destination',
    makePacket({ source: '10.0.0.9', destination: '10.0.0.1' }),
    false,
  ],
  ['ip saddr != 10.0.0.9', 'another source', tcp, true],
  ['ip saddr != 10.0.0.9', 'a packet without the field', tcp6, false],
  ['ip daddr 10.0.0.0/31', 'the first after the block', tcp, false],
  ['ip daddr 10.0.0.0/30', 'inside the block', tcp, true],
  ['ip daddr 10.0.0.2-10.0.0.3', 'the first of a range', tcp, true],
  ['ip daddr 10.0.0.0-10.0.0.2', 'the last of a range', tcp, true],
  ['ip6 saddr fd00::/16', 'inside the block', tcp6, true],
  ['ip6 saddr fe80::/10', 'outside the block', tcp6, false],
  ['ip6 saddr FD00:0000::0.0.0.1', 'the address spelt otherwise', tcp6, true],
  ['ip6 hoplimit 64', 'that hop limit', tcp6, true],
  ['ip6 hoplimit 64', 'no hop limit told', makePacket6({ hopLimit: undefined }), false],
  ['ip6 hoplimit 255 icmpv6 type 133-136', 'a neighbour solicitation', makeIcmpv6(135, 255), true],
  ['ip6 hoplimit 255 icmpv6 type 133-136', 'one that was routed', makeIcmpv6(135, 254), false],
  ['icmpv6 type 134', 'a router advertisement', makeIcmpv6(134, 64), true],
  ['icmpv6 type 134', 'a router solicitation', makeIcmpv6(133, 255), false],
  ['icmpv6 type 133-136', 'a ping', makeIcmpv6(128, 255), false],
  ['icmpv6 type 133-136', 'a type told of a TCP packet', makePacket6({ icmpv6Type: 135 }), false],
  ['tcp dport 80', 'that port', tcp, true],
  ['tcp sport 80', 'that port as destination', tcp, false],
  ['tcp dport 81-90', 'the port before the range', tcp, false],
  ['tcp dport 70-80', 'the last port of the range', tcp, true],
  ['tcp dport != 81', 'another port', tcp, true],
  ['tcp dport != 81', 'another protocol', udp, false],
  ['tcp flags syn / syn,ack', 'SYN', makePacket({ tcpFlags: 0x02 }), true],
  ['tcp flags syn / syn,ack', 'SYN and FIN', makePacket({ tcpFlags: 0x03 }), true],
  ['tcp flags syn / syn,ack', 'SYN and ACK', makePacket({ tcpFlags: 0x12 }), false],
  ['tcp flags syn / syn,ack', 'ACK', makePacket({ tcpFlags: 0x10 }), false],
  ['tcp flags syn / syn,ack', 'flags told of a UDP packet', makePacket({ protocol: 17, tcpFlags: 0x02 }), false],
  ['tcp flags syn / syn,ack', 'no flags told', tcp, false],
  ['udp dport 80', 'the same port of TCP', tcp, false],
  ['sctp dport 80', 'SCTP', makePacket({ protocol: 132 }), true],
  ['th dport 80', 'any protocol', makePacket({ protocol: 132 }), true],
  ['th dport 0-65535', 'no ports', ping, false],
  ['tcp dport 80 ip saddr @hash', 'both', tcp, true],
  ['tcp dport 81 ip saddr @hash', 'the second only', tcp, false],
  ['ip saddr @hash', 'a member', tcp, true],
  ['ip daddr @hash', 'no member', tcp, false],
  ['ip6 saddr @hash6', 'a member spelt otherwise', tcp6, true],
  ['ip saddr @hash', 'the other family', tcp6, false],
  ['ip saddr . ip daddr @pairs', 'a pair', makePacket({ destination: '10.0.0.1' }), true],
  ['ip saddr . ip daddr @pairs', 'half a pair', tcp, false],
  ['ip saddr . meta l4proto . th dport @triple', 'all fields', tcp, true],
  ['ip saddr . meta l4proto . th dport @triple', 'the element written with a number', udp, true],
  ['ip saddr . ip protocol . th dport @triple', 'the protocol of the IPv4 header', tcp, true],
  ['ip protocol . th dport @ports', 'the same, first', tcp, true],
  ['ip saddr . meta l4proto . th sport @triple', 'the port at the other end', tcp, false],
  ['ip saddr . meta l4proto . th dport @triple', 'no ports', ping, false],
  ['meta l4proto . th dport @ports', 'protocol and port', tcp, true],
  ['ip saddr . meta l4proto @whole', 'the block of its protocol', tcp, true],
  ['ip saddr . meta l4proto @whole', 'the block of another protocol', ping, false],
  ['ip saddr . meta l4proto @whole', 'a packet without ports', { ...ping, source: '10.0.1.255' }, true],
  ['ip saddr . meta l4proto @whole', 'the end of a range', { ...ping, source: '9.255.255.255' }, true],
  ['ip saddr . meta l4proto @whole', 'past all', { ...ping, source: '10.0.2.0' }, false],
  ['ip saddr . meta l4proto . th dport @boxes', 'inside the first box', makePacket({ destinationPort: 90 }), true],
  ['ip daddr . meta l4proto . th dport @boxes', 'inside the second box', tcp, true],
  [
    'ip daddr . meta l4proto . th dport @boxes',
    'each field in another box',
    makePacket({ destinationPort: 90 }),
    false,
  ],
]

test.each(CASES)('%s: %s', (rule, _, packet, expected) => {
  expect(matches(rule, packet)).toBe(expected)
})

const STATES = ['new', 'established', 'related', 'invalid', 'untracked'] as const

test.each([
  ['ct state new', ['new']],
  ['ct state invalid,related,untracked', ['related', 'invalid', 'untracked']],
  ['ct state != related', ['new', 'established', 'invalid', 'untracked']],
  ['ct direction original', ['new', 'established', 'related']],
  ['ct mark 0', ['new', 'established', 'related']],
  ['ct mark != 1', ['new', 'established', 'related']],
  ['ct mark & 0xff == 0', ['new', 'established', 'related']],
  ['ct mark set ct mark', ['new', 'established', 'related']],
  ['ct mark set 7', STATES],
])('%s matches a packet that is %s', (rule, expected) => {
  expect(STATES.filter((state) => matches(rule, tcp, { state, direction: 'original', mark: 0 }))).toEqual(expected)
})

test('a direction is the packet’s own', () => {
  const reply: Tracked = { state: 'established', direction: 'reply', mark: 0 }
  expect(matches('ct direction reply', tcp, reply)).toBe(true)
  expect(matches('ct direction original', tcp, reply)).toBe(false)
})

test('a mark is compared under its mask', () => {
  const marked = (mark: number): Tracked => ({ state: 'established', direction: 'original', mark })
  expect(matches('ct mark & 0xfff00000 == 0xf5900000', tcp, marked(0xf5912345))).toBe(true)
  expect(matches('ct mark & 0xfff00000 == 0xf5900000', tcp, marked(0xf5812345))).toBe(false)
  expect(matches('ct mark & 0xfff00000 != 0xf5900000', tcp, marked(0xf5812345))).toBe(true)
})

test.each([
  ['ct mark set ct mark & 0x000fffff | 0xf5900000', 0xf59abcde],
  ['ct mark set (ct mark & 0x000fffff) | 0xf5900000', 0xf59abcde],
  ['ct mark set ct mark & (0x000fffff | 0xf5900000)', 0xf01abcde & 0xf59fffff],
  ['ct mark set ct mark ^ 0xffffffff', 0x0fe54321],
  ['ct mark set 7', 7],
])('%s', (rule, mark) => {
  const table = createTable()
  const chain = `chain forward {\n type filter hook forward priority 5; policy accept;\n ${rule}\n}`
  applyTransaction(table, `table inet selvedge {\n${chain}\n}\n`)
  const before = 0xf01abcde
  const known: Tracked = { state: 'established', direction: 'reply', mark: before }
  expect(runPacket(table, tcp, known).mark).toBe(mark >>> 0)
  for (const state of ['invalid', 'untracked'] as const) {
    expect(runPacket(table, tcp, { ...known, state }).mark).toBe(before)
  }
})

test.each([
  ['reject', tcp, 'reject'],
  ['reject with icmpx admin-prohibited', ping, 'reject'],
  ['reject with tcp reset', tcp, 'reject'],
  ['reject with tcp reset', udp, 'accept'],
] as const)('%s', (rule, packet, verdict) => {
  const table = createTable()
  const chain = `chain forward {\n type filter hook forward priority 5; policy accept;\n counter ${rule}\n}`
  applyTransaction(table, `table inet selvedge {\n${chain}\n}\n`)
  expect(runPacket(table, packet, NEW).verdict).toBe(verdict)
})

test('a packet that cannot be throws', () => {
  expect(() => matches('counter', makePacket({ source: 'fd00::1' }))).toThrow('no address: IPv4 fd00::1')
  expect(() => matches('counter', makePacket({ destinationPort: 65536 }))).toThrow('65536 is not in 0-65535')
})

test('meta iif 0 matches what has come in by no device: a packet at output', () => {
  const table = createTable()
  const base = (hook: string) =>
    `chain ${hook} {\n type filter hook ${hook} priority filter + 5; policy accept;\n meta iif 0 drop\n}\n`
  applyTransaction(table, `table inet selvedge {\n${base('forward')}${base('output')}}\n`)
  expect(runPacket(table, tcp, NEW, 'forward').verdict).toBe('accept')
  expect(runPacket(table, tcp, NEW, 'output').verdict).toBe('drop')
})

test('iifname and oifname match the device by its name; at output none has come in', () => {
  const table = createTable()
  const base = (hook: string, match: string) =>
    `chain ${hook} {\n type filter hook ${hook} priority filter + 5; policy accept;\n ${match} drop\n}\n`
  const load = (match: string) =>
    applyTransaction(
      table,
      `add table inet selvedge\ndelete table inet selvedge\ntable inet selvedge {\n${base('forward', match)}${base('output', match)}}\n`,
    )
  const [bridged, routed] = [
    { in: 'cni0', out: 'cni0' },
    { in: 'cni0', out: 'flannel.1' },
  ].map((devices) => ({ ...tcp, devices }))
  const verdicts = (hook: 'forward' | 'output') =>
    [bridged, routed, tcp].map((packet) => runPacket(table, packet ?? tcp, NEW, hook).verdict)
  load('iifname "cni0"')
  expect([verdicts('forward'), verdicts('output')]).toEqual([
    ['drop', 'drop', 'accept'],
    ['accept', 'accept', 'accept'],
  ])
  load('oifname "cni0"')
  expect([verdicts('forward'), verdicts('output')]).toEqual([
    ['drop', 'accept', 'accept'],
    ['drop', 'accept', 'accept'],
  ])
})
