import { clusterOf, pod, policy } from './make-objects.ts'
import type { RawIpBlock, RawRule } from './raw-cluster.ts'
import { testVerdicts } from './verdict-table.ts'

const server = pod('shop/server', '10.0.0.1 fd00::1', { labels: { app: 'server' } })
const client = pod('web/client', '10.1.0.2 fd00::2')

function from(...blocks: readonly RawIpBlock[]) {
  return withRules({ from: blocks.map((ipBlock) => ({ ipBlock })) })
}

function withRules(...ingress: readonly RawRule[]) {
  return clusterOf(server, client, policy('shop/blocks', { podSelector: {}, ingress }))
}

const sources = (...addresses: readonly string[]) =>
  addresses.map((address) => `${address} > ${address.includes(':') ? 'fd00::1' : '10.0.0.1'} TCP/80`)

testVerdicts([
  {
    rule: 'a block covers its first and last address, no neighbour',
    cluster: from({ cidr: '192.0.2.64/26' }),
    allows: sources('192.0.2.64', '192.0.2.127'),
    denies: sources('192.0.2.63', '192.0.2.128', '10.1.0.2'),
  },
  { rule: 'a block covers pods too', cluster: from({ cidr: '10.1.0.0/16' }), allows: sources('10.1.0.2') },
  {
    rule: 'an except is cut out, nested and repeated ones too',
    cluster: from({ cidr: '10.0.0.0/8', except: ['10.1.0.0/16', '10.1.0.0/24', '10.1.0.0/16', '10.9.0.0/32'] }),
    allows: sources('10.2.0.0', '10.0.255.255', '10.9.0.1'),
    denies: sources('10.1.0.2', '10.1.255.255', '10.9.0.0'),
  },
  {
    rule: 'another block of the same rule may allow what an except cuts',
    cluster: from({ cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] }, { cidr: '10.1.0.0/24' }),
    allows: sources('10.1.0.2', '10.2.0.0'),
    denies: sources('10.1.1.0'),
  },
  {
    rule: 'another rule may allow what an except cuts, and so may a selector',
    cluster: withRules(
      { from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }] },
      { from: [{ namespaceSelector: {} }], ports: [{ port: 80 }] },
    ),
    allows: sources('10.1.0.2'),
    denies: sources('10.1.0.3'),
  },
  {
    rule: 'another policy may allow what an except cuts',
    cluster: clusterOf(
      server,
      policy('shop/one', { ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }] }] }),
      policy('shop/two', { ingress: [{ from: [{ ipBlock: { cidr: '10.1.7.0/24' } }] }] }),
    ),
    allows: sources('10.1.7.7'),
    denies: sources('10.1.8.7'),
  },
  {
    rule: '0.0.0.0/0 is every IPv4 address and no IPv6 address',
    cluster: from({ cidr: '0.0.0.0/0' }),
    allows: sources('10.1.0.2', '0.0.0.1', '223.255.255.255'),
    denies: sources('fd00::2', '2001:db8::1'),
  },
  {
    rule: '::/0 is every IPv6 address, fc00::/7 and 64:ff9b::/96 included, and no IPv4 address',
    cluster: from({ cidr: '::/0' }),
    allows: sources('fd00::2', '2001:db8::1', '64:ff9b::c000:201'),
    denies: sources('10.1.0.2'),
  },
  {
    rule: 'bits after the prefix do not count, in cidr and except',
    cluster: from({ cidr: '10.1.2.3/8', except: ['10.1.2.3/16'] }),
    allows: sources('10.0.0.7', '10.255.0.0'),
    denies: sources('10.1.200.1', '11.0.0.0'),
  },
  {
    rule: 'an address is one address however it is spelt',
    cluster: from({ cidr: 'FD00:0:0::2/128' }),
    allows: ['fd00:0:0:0:0:0:0:2 > fd00::1 TCP/80', 'fd00::2 > fd00::0001 TCP/80'],
    denies: sources('fd00::3'),
  },
  {
    rule: 'an except equal to its cidr leaves nothing',
    cluster: from({ cidr: '10.1.0.0/16', except: ['10.1.0.0/16'] }, { cidr: '192.0.2.1/32' }),
    allows: sources('192.0.2.1'),
    denies: sources('10.1.0.2'),
  },
  {
    rule: 'a block of one family leaves the other family isolated',
    cluster: from({ cidr: '10.1.0.2/32' }),
    allows: sources('10.1.0.2'),
    denies: sources('fd00::2'),
  },
])
