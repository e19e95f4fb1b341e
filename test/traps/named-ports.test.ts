import { expect, test } from 'vitest'
import { pod, policy } from '../oracle/make-objects.ts'
import type { RawContainerPort, RawPort, RawRule } from '../oracle/raw-cluster.ts'
import { testTraps } from './trap-table.ts'
import { worldOf } from './world.ts'

const named = (name: string, containerPort: number, protocol = 'TCP'): RawContainerPort => ({
  name,
  containerPort,
  protocol,
})

const client = pod('shop/client', '10.244.1.9', { ports: [named('http', 9999)] })
const everyone = { podSelector: {} }
const ingress = (...rules: readonly RawRule[]) =>
  policy('shop/in', { ...everyone, policyTypes: ['Ingress'], ingress: rules })
const egress = (...rules: readonly RawRule[]) =>
  policy('shop/out', { ...everyone, policyTypes: ['Egress'], egress: rules })
const onPorts = (...ports: readonly RawPort[]) => [client, pod('shop/web', '10.244.1.1'), ingress({ ports })]

const web = (...ports: readonly RawContainerPort[]) => pod('shop/web', '10.244.1.1', { ports })
const other = (...ports: readonly RawContainerPort[]) => pod('shop/other', '10.244.1.2', { ports })
const outsider = pod('ops/outsider', '10.244.1.3', { ports: [named('http', 7070)] })

testTraps([
  {
    trap: 'trap 1: an ingress rule with only a port name that nobody owns opens nothing',
    objects: [client, web(named('http', 80)), ingress({ ports: [{ port: 'nowhere' }] })],
    denies: ['TCP/80', 'TCP/1', 'TCP/65535', 'UDP/80', 'SCTP/80', 'ICMP', 'other'].map(
      (what) => `10.244.1.9 > 10.244.1.1 ${what}`,
    ),
  },
  {
    trap: 'trap 1: an egress rule with only a port name that nobody owns opens nothing',
    objects: [client, web(named('http', 80)), egress({ ports: [{ port: 'nowhere' }] })],
    denies: ['10.244.1.9 > 10.244.1.1 TCP/80', '10.244.1.9 > 10.244.1.1 ICMP', '10.244.1.9 > 203.0.113.7 TCP/80'],
  },
  {
    trap: 'trap 1: an unresolved name beside a resolved one takes nothing from it and adds nothing',
    objects: [client, web(named('http', 80)), ingress({ ports: [{ port: 'nowhere' }, { port: 'http' }] })],
    allows: ['10.244.1.9 > 10.244.1.1 TCP/80'],
    denies: ['10.244.1.9 > 10.244.1.1 TCP/81', '10.244.1.9 > 10.244.1.1 UDP/80'],
  },
  {
    trap: 'trap 1: a name that is there with another protocol opens nothing',
    objects: [client, web(named('dns', 53, 'UDP')), ingress({ ports: [{ port: 'dns' }] })],
    denies: ['10.244.1.9 > 10.244.1.1 TCP/53', '10.244.1.9 > 10.244.1.1 UDP/53'],
  },
  {
    trap: 'trap 1: with its own protocol the name opens',
    objects: [client, web(named('dns', 53, 'UDP')), ingress({ ports: [{ port: 'dns', protocol: 'UDP' }] })],
    allows: ['10.244.1.9 > 10.244.1.1 UDP/53'],
    denies: ['10.244.1.9 > 10.244.1.1 TCP/53'],
  },
  ...[
    [named('http', 80), named('metrics', 9090)],
    [named('metrics', 9090), named('http', 80)],
  ].flatMap((ports) => [
    {
      trap: `trap 2: ingress on metrics opens it where it is owned and nowhere else (${ports[0]?.name} listed first)`,
      objects: [client, web(...ports), other(named('http', 80)), ingress({ ports: [{ port: 'metrics' }] })],
      allows: ['10.244.1.9 > 10.244.1.1 TCP/9090'],
      denies: ['10.244.1.9 > 10.244.1.1 TCP/80', '10.244.1.9 > 10.244.1.2 TCP/9090', '10.244.1.9 > 10.244.1.2 TCP/80'],
    },
    {
      trap: `trap 2: egress to metrics reaches it where it is owned and nowhere else (${ports[0]?.name} listed first)`,
      objects: [
        client,
        web(...ports),
        other(named('http', 80)),
        egress({ to: [everyone], ports: [{ port: 'metrics' }] }),
      ],
      allows: ['10.244.1.9 > 10.244.1.1 TCP/9090'],
      denies: ['10.244.1.9 > 10.244.1.1 TCP/80', '10.244.1.9 > 10.244.1.2 TCP/9090', '10.244.1.9 > 10.244.1.2 TCP/80'],
    },
  ]),
  {
    trap: 'trap 3: ingress, one name with two numbers: each pod opens its own',
    objects: [client, web(named('http', 8080)), other(named('http', 9090)), ingress({ ports: [{ port: 'http' }] })],
    allows: ['10.244.1.9 > 10.244.1.1 TCP/8080', '10.244.1.9 > 10.244.1.2 TCP/9090'],
    denies: ['10.244.1.9 > 10.244.1.1 TCP/9090', '10.244.1.9 > 10.244.1.2 TCP/8080'],
  },
  {
    trap: 'trap 3: egress, one name with two numbers: each destination has its own',
    objects: [
      client,
      web(named('http', 8080)),
      other(named('http', 9090)),
      egress({ to: [everyone], ports: [{ port: 'http' }] }),
    ],
    allows: ['10.244.1.9 > 10.244.1.1 TCP/8080', '10.244.1.9 > 10.244.1.2 TCP/9090'],
    denies: ['10.244.1.9 > 10.244.1.1 TCP/9090', '10.244.1.9 > 10.244.1.2 TCP/8080'],
  },
  {
    trap: 'trap 4: an ingress name is the number of the destination, never of the source',
    objects: [client, web(named('http', 80)), ingress({ from: [everyone], ports: [{ port: 'http' }] })],
    allows: ['10.244.1.9 > 10.244.1.1 TCP/80', '10.244.1.1 > 10.244.1.9 TCP/9999'],
    denies: ['10.244.1.9 > 10.244.1.1 TCP/9999', '10.244.1.1 > 10.244.1.9 TCP/80'],
  },
  {
    trap: 'trap 4: with an ipBlock peer too',
    objects: [
      client,
      web(named('http', 80)),
      ingress({ from: [{ ipBlock: { cidr: '203.0.113.0/24' } }], ports: [{ port: 'http' }] }),
    ],
    allows: ['203.0.113.7 > 10.244.1.1 TCP/80'],
    denies: ['203.0.113.7 > 10.244.1.1 TCP/9999', '10.244.1.9 > 10.244.1.1 TCP/80', '203.0.114.7 > 10.244.1.1 TCP/80'],
  },
  {
    trap: 'trap 5: egress to a name with `to` empty reaches every pod that owns it, in all namespaces, on its own number',
    objects: [
      client,
      web(named('http', 8080)),
      other(named('metrics', 80)),
      outsider,
      egress({ to: [], ports: [{ port: 'http' }] }),
    ],
    allows: ['10.244.1.9 > 10.244.1.1 TCP/8080', '10.244.1.9 > 10.244.1.3 TCP/7070'],
    denies: [
      [
        '10.244.1.1 TCP/7070',
        '10.244.1.3 TCP/8080',
        '10.244.1.2 TCP/80',
        '10.244.1.2 TCP/8080',
        '203.0.113.7 TCP/8080',
      ],
      ['10.244.1.1 UDP/8080', '10.244.1.1 ICMP'],
    ].flatMap((some) => some.map((end) => `10.244.1.9 > ${end}`)),
  },
  {
    trap: 'trap 5: with an ipBlock it reaches the pods inside that own the name, and no other address of the block',
    objects: [
      client,
      web(named('http', 8080)),
      outsider,
      egress({ to: [{ ipBlock: { cidr: '10.244.1.0/30', except: ['10.244.1.3/32'] } }], ports: [{ port: 'http' }] }),
    ],
    allows: ['10.244.1.9 > 10.244.1.1 TCP/8080'],
    denies: ['10.244.1.9 > 10.244.1.3 TCP/7070', '10.244.1.9 > 10.244.1.2 TCP/8080', '10.244.1.9 > 10.244.1.1 TCP/80'],
  },
  {
    trap: 'trap 6: a sidecar owns names, a plain init container does not, and containers come first',
    objects: [
      client,
      pod('shop/web', '10.244.1.1', {
        spec: {
          nodeName: 'node-1',
          containers: [{ name: 'main', ports: [named('both', 1000)] }],
          initContainers: [
            { name: 'once', ports: [named('setup', 3000)] },
            { name: 'beside', restartPolicy: 'Always', ports: [named('side', 2000), named('both', 1001)] },
          ],
        },
      }),
      ingress({ ports: [{ port: 'side' }, { port: 'setup' }, { port: 'both' }] }),
    ],
    allows: ['10.244.1.9 > 10.244.1.1 TCP/2000', '10.244.1.9 > 10.244.1.1 TCP/1000'],
    denies: ['10.244.1.9 > 10.244.1.1 TCP/3000', '10.244.1.9 > 10.244.1.1 TCP/1001'],
  },
  {
    trap: 'trap 7: a protocol alone opens all of its ports and nothing else',
    objects: onPorts({ protocol: 'UDP' }),
    allows: ['10.244.1.9 > 10.244.1.1 UDP/1', '10.244.1.9 > 10.244.1.1 UDP/53', '10.244.1.9 > 10.244.1.1 UDP/65535'],
    denies: ['TCP/53', 'SCTP/53', 'ICMP', 'other'].map((what) => `10.244.1.9 > 10.244.1.1 ${what}`),
  },
  {
    trap: 'trap 8: a missing protocol is TCP, for a number and for an empty item',
    objects: onPorts({ port: 80 }),
    allows: ['10.244.1.9 > 10.244.1.1 TCP/80'],
    denies: ['10.244.1.9 > 10.244.1.1 UDP/80', '10.244.1.9 > 10.244.1.1 SCTP/80', '10.244.1.9 > 10.244.1.1 TCP/81'],
  },
  {
    trap: 'trap 8: an item without any field is all of TCP',
    objects: onPorts({}),
    allows: ['10.244.1.9 > 10.244.1.1 TCP/1', '10.244.1.9 > 10.244.1.1 TCP/65535'],
    denies: ['10.244.1.9 > 10.244.1.1 UDP/80', '10.244.1.9 > 10.244.1.1 ICMP'],
  },
  {
    trap: 'trap 8: port 80 beside all of TCP is all of TCP',
    objects: onPorts({ port: 80 }, { protocol: 'TCP' }),
    allows: ['10.244.1.9 > 10.244.1.1 TCP/80', '10.244.1.9 > 10.244.1.1 TCP/443'],
    denies: ['10.244.1.9 > 10.244.1.1 UDP/80'],
  },
  {
    trap: 'trap 9: endPort equal to port is that port',
    objects: onPorts({ port: 80, endPort: 80 }),
    allows: ['10.244.1.9 > 10.244.1.1 TCP/80'],
    denies: ['10.244.1.9 > 10.244.1.1 TCP/79', '10.244.1.9 > 10.244.1.1 TCP/81'],
  },
  {
    trap: 'trap 9: 1 to 65535 compiles, is all ports, and only of its protocol',
    objects: onPorts({ port: 1, endPort: 65_535 }),
    allows: ['10.244.1.9 > 10.244.1.1 TCP/1', '10.244.1.9 > 10.244.1.1 TCP/65535'],
    denies: ['10.244.1.9 > 10.244.1.1 UDP/1', '10.244.1.9 > 10.244.1.1 ICMP'],
  },
  {
    trap: 'trap 9: overlapping and nested ranges of one rule compile to their union, endPort included',
    objects: onPorts({ port: 80, endPort: 90 }, { port: 85, endPort: 95 }, { port: 82, endPort: 84 }, { port: 97 }),
    allows: ['80', '84', '90', '95', '97'].map((port) => `10.244.1.9 > 10.244.1.1 TCP/${port}`),
    denies: ['79', '96', '98'].map((port) => `10.244.1.9 > 10.244.1.1 TCP/${port}`),
  },
  {
    trap: 'trap 10: TCP and SCTP on one number are two ports',
    objects: onPorts({ port: 3868, protocol: 'SCTP' }),
    allows: ['10.244.1.9 > 10.244.1.1 SCTP/3868'],
    denies: [
      '10.244.1.9 > 10.244.1.1 TCP/3868',
      '10.244.1.9 > 10.244.1.1 UDP/3868',
      '10.244.1.9 > 10.244.1.1 SCTP/3869',
    ],
  },
  {
    trap: 'trap 10: and TCP opens no SCTP',
    objects: onPorts({ port: 3868 }),
    allows: ['10.244.1.9 > 10.244.1.1 TCP/3868'],
    denies: ['10.244.1.9 > 10.244.1.1 SCTP/3868'],
  },
])

test('trap 3: a rule does not vanish because one pod has not its name', () => {
  const world = worldOf(client, web(named('http', 8080)), other(), ingress({ ports: [{ port: 'http' }] }))
  const isolated = [...world.engine.graph().pods].map(([key, { ingress: side }]) => [
    key,
    side === 'open' ? 'open' : side.list.length,
  ])
  expect(isolated).toEqual([
    ['shop/client', 1],
    ['shop/other', 0],
    ['shop/web', 1],
  ])
})

test('trap 7: no rule of the text says a bare protocol', () => {
  const ports = ['TCP', 'UDP', 'SCTP'].map((protocol) => ({ protocol }))
  const peers = [{}, { from: [everyone] }, { from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }]
  const rules = peers.flatMap((from) =>
    [
      ...worldOf(client, ingress({ ...from, ports }))
        .engine.ruleset()
        .chains.values(),
    ].flatMap((chain) => chain.rules.map(({ text }) => text)),
  )
  expect(rules).toContain('meta l4proto udp counter goto allow')
  expect(rules.filter((text) => text.startsWith('meta l4proto udp ip saddr @p4-'))).toHaveLength(1)
  // What notes denied packets compares the protocol with several at once.
  const withoutLists = rules.map((text) => text.replace(/meta l4proto (?:!= )?\{[^}]*\}/, ''))
  expect(withoutLists.filter((text) => /(?<!l4proto )\b(tcp|udp|sctp)\b(?! [sd]port| flags)/.test(text))).toEqual([])
})
