import { expect, test } from 'vitest'
import { namespace, policy } from '../oracle/make-objects.ts'
import { app, deny, egressOf, everyone, ingressOf, labelled } from './shop.ts'
import { expectVerdicts, testTraps } from './trap-table.ts'
import { createWorld, worldOf } from './world.ts'

const web = labelled('web', '10.244.1.1')
const client = labelled('client', '10.244.1.2')

testTraps([
  {
    trap: 'trap 28: a host-network pod is neither isolated nor a peer',
    objects: [
      web,
      client,
      labelled('host', '192.168.10.1', { spec: { nodeName: 'node-1', hostNetwork: true } }),
      policy('shop/all', {
        ...everyone,
        policyTypes: ['Ingress', 'Egress'],
        ingress: [{ from: [everyone] }],
        egress: [{ to: [everyone] }],
      }),
    ],
    allows: [
      '10.244.1.2 > 10.244.1.1 TCP/80',
      '203.0.113.7 > 192.168.10.1 TCP/80',
      '192.168.10.1 > 203.0.113.7 TCP/80',
    ],
    denies: ['192.168.10.1 > 10.244.1.1 TCP/80', '10.244.1.1 > 192.168.10.1 TCP/80'],
  },
  {
    trap: 'trap 28: its address is the node’s, which an ipBlock reaches',
    objects: [
      web,
      labelled('host', '192.168.10.1', { spec: { nodeName: 'node-1', hostNetwork: true } }),
      ingressOf('web', { from: [{ ipBlock: { cidr: '192.168.10.1/32' } }] }),
    ],
    allows: ['192.168.10.1 > 10.244.1.1 TCP/80'],
    denies: ['192.168.10.2 > 10.244.1.1 TCP/80'],
  },
  {
    trap: 'trap 29: a rule with a block of one family closes the other',
    objects: [labelled('web', '10.244.1.1 fd44::1'), ingressOf('web', { from: [{ ipBlock: { cidr: '0.0.0.0/0' } }] })],
    allows: ['203.0.113.7 > 10.244.1.1 TCP/80'],
    denies: ['2001:db8::7 > fd44::1 TCP/80'],
  },
  {
    trap: 'trap 29: pods are peers in both families, whichever stands first',
    objects: [
      labelled('web', '10.244.1.1 fd44::1'),
      labelled('client', 'fd44::2 10.244.1.2'),
      labelled('other', '10.244.1.3 fd44::3'),
      ingressOf('web', { from: [app('client')] }),
    ],
    allows: ['10.244.1.2 > 10.244.1.1 TCP/80', 'fd44::2 > fd44::1 TCP/80'],
    denies: ['10.244.1.3 > 10.244.1.1 TCP/80', 'fd44::3 > fd44::1 TCP/80'],
  },
  {
    trap: 'trap 30: allowed by the source’s egress and denied by the destination’s ingress is denied',
    objects: [web, client, egressOf('client', { to: [app('web')] }), ingressOf('web')],
    denies: ['10.244.1.2 > 10.244.1.1 TCP/80'],
  },
  {
    trap: 'trap 30: denied by the source’s egress and allowed by the destination’s ingress is denied',
    objects: [web, client, egressOf('client'), ingressOf('web', { from: [app('client')] })],
    denies: ['10.244.1.2 > 10.244.1.1 TCP/80'],
  },
  {
    trap: 'trap 30: both have to allow the same port',
    objects: [
      web,
      client,
      egressOf('client', { to: [app('web')], ports: [{ port: 80 }, { port: 81 }] }),
      ingressOf('web', { from: [app('client')], ports: [{ port: 81 }, { port: 82 }] }),
    ],
    allows: ['10.244.1.2 > 10.244.1.1 TCP/81'],
    denies: ['10.244.1.2 > 10.244.1.1 TCP/80', '10.244.1.2 > 10.244.1.1 TCP/82'],
  },
])

test('trap 28: the address of a host-network pod stands nowhere in the text', () => {
  const host = labelled('host', '192.168.10.1', {
    spec: { nodeName: 'node-1', hostNetwork: true },
    ports: [{ name: 'http', containerPort: 80 }],
  })
  const rules = [
    { to: [everyone] },
    { ports: [{ port: 'http' }] },
    { to: [{ namespaceSelector: {} }], ports: [{ port: 80 }] },
  ]
  const world = createWorld()
  const texts = [
    world.put(web, client, host, deny),
    world.put(egressOf('client', ...rules)),
    world.put(client, host),
    world.remove(host),
  ]
  expect(texts.flat().join('')).toContain('10.244.1.1')
  expect(texts.flat().filter((text) => text.includes('192.168.10.1'))).toEqual([])
})

test('trap 29: a restarted pod has both of its new addresses and none of the old', () => {
  const world = worldOf(
    labelled('web', '10.244.1.1 fd44::1'),
    labelled('client', '10.244.1.2 fd44::2'),
    ingressOf('web'),
    ingressOf('client', { from: [app('web')] }),
  )
  const verdicts = (four: string, six: string) => ({
    denies: [`10.244.1.2 > ${four} TCP/80`, `fd44::2 > ${six} TCP/80`],
    allows: [`${four} > 10.244.1.2 TCP/80`, `${six} > fd44::2 TCP/80`],
  })
  expectVerdicts(world, verdicts('10.244.1.1', 'fd44::1'))
  world.put(labelled('web', '10.244.1.7 fd44::7'))
  expectVerdicts(world, verdicts('10.244.1.7', 'fd44::7'))
  expectVerdicts(world, {
    allows: ['10.244.1.2 > 10.244.1.1 TCP/80', 'fd44::2 > fd44::1 TCP/80'],
    denies: ['10.244.1.1 > 10.244.1.2 TCP/80', 'fd44::1 > fd44::2 TCP/80'],
  })
})

test('trap 30c: pods of other nodes are peers here, and isolated only where spec.nodeName says', () => {
  const remote = labelled('remote', '10.244.2.1', {
    spec: { nodeName: 'node-2.example.org' },
    status: { hostIP: '10.244.1.250' },
  })
  const objects = [
    web,
    remote,
    labelled('other', '10.244.2.2', { spec: { nodeName: 'node-2.example.org' } }),
    namespace('shop', {}),
  ]
  const policies = [deny, ingressOf('web', { from: [app('remote')] }), egressOf('remote', { to: [app('web')] })]
  const [here, there] = ['node-1', 'node-2.example.org'].map((node) => {
    const world = createWorld((one) => one.node === node)
    world.put(...objects, ...policies)
    return world
  })
  if (here === undefined || there === undefined) throw new Error('there are two nodes')
  expectVerdicts(here, {
    allows: ['10.244.2.1 > 10.244.1.1 TCP/80'],
    denies: ['10.244.2.2 > 10.244.1.1 TCP/80', '10.244.1.1 > 10.244.2.1 TCP/80'],
  })
  expectVerdicts(there, {
    allows: ['10.244.2.1 > 10.244.1.1 TCP/80'],
    denies: ['10.244.1.1 > 10.244.2.1 TCP/80', '10.244.2.1 > 203.0.113.7 TCP/80'],
  })
  const isolated = ({ engine }: typeof here) => [...(engine.ruleset().sets.get('iso4')?.elements ?? [])].toSorted()
  expect(isolated(here)).toEqual(['10.244.1.1'])
  expect(isolated(there)).toEqual(['10.244.2.1', '10.244.2.2'])
})
