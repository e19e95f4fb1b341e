import { expect, test } from 'vitest'
import type { Family } from '../../compiler/addresses/address.ts'
import { enforce } from './enforce.ts'
import { describeKernel, type Kernel } from './kernel-lab.ts'
import { inBoth, passing, passingInBoth, probe } from './passing.ts'
import { ANYWHERE, app, closed, egress, ingress, tcp, udp } from './policies.ts'
import { without } from './without.ts'

// trap 37b: untracked packets are judged as a request and as a reply

/** As a node-local DNS cache, or an operator, has it: nothing with these ports is tracked. */
const NOTRACK = `table inet untracked {
  chain prerouting {
    type filter hook prerouting priority raw; policy accept;
    meta l4proto { tcp, udp } th dport { 53, 54 } notrack
    meta l4proto { tcp, udp } th sport { 53, 54 } notrack
  }
}
`

/** web may ask db at 53, and nothing else may be asked of the two or by them. */
const ASKING = [
  ingress('web'),
  egress('web', { to: [app('db')], ports: [udp(53)] }),
  ingress('db', { from: [app('web')], ports: [udp(53)] }),
  egress('db'),
]

describeKernel('packets that somebody exempted from tracking', (kernel) => {
  test('are judged by themselves, as a request and as a reply', async () => {
    await kernel.lab.loadRuleset('node-1', NOTRACK)
    await enforce(kernel.lab, ASKING)
    const untracked = (family: Family) => ({
      request: probe(family, 'web', 'db', { protocol: 'UDP', port: 53, sourcePort: 601 }),
      reply: probe(family, 'db', 'web', { protocol: 'UDP', port: 601, sourcePort: 53 }),
      'reply whose request was never seen': probe(family, 'db', 'web', { protocol: 'UDP', port: 602, sourcePort: 53 }),
      'request to another port': probe(family, 'web', 'db', { protocol: 'UDP', port: 54, sourcePort: 601 }),
      'reply of another port': probe(family, 'db', 'web', { protocol: 'UDP', port: 601, sourcePort: 54 }),
      'request over TCP': probe(family, 'web', 'db', { protocol: 'TCP', port: 53, sourcePort: 601 }),
      'request of another pod': probe(family, 'idle', 'db', { protocol: 'UDP', port: 53, sourcePort: 601 }),
      'request to another pod': probe(family, 'web', 'idle', { protocol: 'UDP', port: 53, sourcePort: 601 }),
      'reply of another pod': probe(family, 'far', 'web', { protocol: 'UDP', port: 601, sourcePort: 53 }),
    })
    const expected = ['request', 'reply', 'reply whose request was never seen']
    expect(await passingInBoth(kernel.lab, untracked)).toEqual(inBoth(expected))
  })

  test('a pod that may ask everybody gets whatever could be an answer, and nobody else does', async () => {
    await kernel.lab.loadRuleset('node-1', NOTRACK)
    await enforce(kernel.lab, [ingress('web'), ...closed('db')])
    const untracked = (family: Family) => ({
      'to the one that may ask': probe(family, 'idle', 'web', { protocol: 'UDP', port: 605, sourcePort: 53 }),
      'to the one that may not': probe(family, 'idle', 'db', { protocol: 'UDP', port: 605, sourcePort: 53 }),
    })
    expect(await passingInBoth(kernel.lab, untracked)).toEqual(inBoth(['to the one that may ask']))
  })

  test('a TCP packet that asks for a connection is no answer, whatever else it says', async () => {
    await kernel.lab.loadRuleset('node-1', NOTRACK)
    await enforce(kernel.lab, [ingress('web'), egress('web', { to: ANYWHERE })])
    const from = { protocol: 'TCP', sourcePort: 53 } as const
    const untracked = (family: Family) => ({
      SYN: probe(family, 'db', 'web', { ...from, port: 606, flags: ['SYN'] }),
      'SYN and FIN': probe(family, 'db', 'web', { ...from, port: 607, flags: ['SYN', 'FIN'] }),
      'SYN of another node': probe(family, 'far', 'web', { ...from, port: 608, flags: ['SYN'] }),
      'SYN and ACK': probe(family, 'db', 'web', { ...from, port: 609, flags: ['SYN', 'ACK'] }),
      ACK: probe(family, 'db', 'web', { ...from, port: 610, flags: ['ACK'] }),
      RST: probe(family, 'db', 'web', { ...from, port: 611, flags: ['RST'] }),
    })
    expect(await passingInBoth(kernel.lab, untracked)).toEqual(inBoth(['SYN and ACK', 'ACK', 'RST']))
  })

  // docs/security.md names it: what an attacker needs is a notrack rule for ICMP, and that the pod may send it ICMP.
  test('an ICMP echo request is taken for an answer where the pod may send ICMP to its sender, and only there', async () => {
    await kernel.lab.loadRuleset(
      'node-1',
      NOTRACK.replace(
        'meta l4proto { tcp, udp } th dport',
        'meta l4proto { icmp, ipv6-icmp } notrack\n    meta l4proto { tcp, udp } th dport',
      ),
    )
    await enforce(kernel.lab, [ingress('web'), egress('web', { to: [app('db')] }), ...closed('idle')])
    const echo = (family: Family) => ({
      'from one that it may send to': probe(family, 'db', 'web', { protocol: 'ICMP' }),
      'from another': probe(family, 'far', 'web', { protocol: 'ICMP' }),
      'to a closed pod': probe(family, 'db', 'idle', { protocol: 'ICMP' }),
    })
    expect(await passingInBoth(kernel.lab, echo)).toEqual(inBoth(['from one that it may send to']))
  })

  test('a SYN passes where ingress allows it', async () => {
    await kernel.lab.loadRuleset('node-1', NOTRACK)
    await enforce(kernel.lab, [ingress('web', { from: [app('db')], ports: [tcp(53)] })])
    const asking = (family: Family) => ({
      allowed: probe(family, 'db', 'web', { protocol: 'TCP', port: 53, flags: ['SYN'] }),
      'to another port': probe(family, 'db', 'web', { protocol: 'TCP', port: 54, flags: ['SYN'] }),
    })
    expect(await passingInBoth(kernel.lab, asking)).toEqual(inBoth(['allowed']))
  })

  test('pass as a whole: half a request and half a reply are not enough', async () => {
    await kernel.lab.loadRuleset('node-1', NOTRACK)
    await enforce(kernel.lab, [
      egress('web'),
      ingress('web', { from: [app('db')], ports: [udp(54)] }),
      ingress('db', { from: [app('web')], ports: [udp(53)] }),
      egress('db'),
    ])
    // As a request db would take it, but web may not send it; as a reply web may give it, but db may not have asked.
    const halves = (family: Family) => ({
      halves: probe(family, 'web', 'db', { protocol: 'UDP', port: 53, sourcePort: 54 }),
    })
    expect(await passingInBoth(kernel.lab, halves)).toEqual(inBoth([]))
  })

  test('leave pods alone that no policy selects', async () => {
    await kernel.lab.loadRuleset('node-1', NOTRACK)
    await enforce(kernel.lab, closed('db'))
    const untracked = (family: Family) => ({
      'on the node': probe(family, 'web', 'idle', { protocol: 'UDP', port: 53 }),
      'to the other node': probe(family, 'web', 'far', { protocol: 'TCP', port: 53 }),
      'to a closed pod': probe(family, 'web', 'db', { protocol: 'UDP', port: 53 }),
      'of a closed pod': probe(family, 'db', 'web', { protocol: 'UDP', port: 53 }),
    })
    expect(await passingInBoth(kernel.lab, untracked)).toEqual(inBoth(['on the node', 'to the other node']))
  })

  test('are never remembered: the same ports, tracked again, are a new flow', async () => {
    await kernel.lab.loadRuleset('node-1', NOTRACK)
    await kernel.lab.loadRuleset('node-1', MARKED)
    await enforce(kernel.lab, [ingress('web'), egress('web', { to: ANYWHERE, ports: [udp(53)] })])
    const reply = (family: Family) => ({
      reply: probe(family, 'db', 'web', { protocol: 'UDP', port: 603, sourcePort: 53 }),
    })
    expect(await passingInBoth(kernel.lab, reply)).toEqual(inBoth(['reply']))
    expect(await markedPackets(kernel)).toBe(0)
    await kernel.lab.loadRuleset('node-1', 'delete table inet untracked\n')
    expect(await passingInBoth(kernel.lab, reply)).toEqual(inBoth([]))
    const request = (family: Family) => ({
      request: probe(family, 'web', 'db', { protocol: 'UDP', port: 53, sourcePort: 603 }),
    })
    expect(await passingInBoth(kernel.lab, request)).toEqual(inBoth(['request']))
    expect(await passingInBoth(kernel.lab, reply)).toEqual(inBoth(['reply']))
    expect(await markedPackets(kernel)).toBeGreaterThan(3)
  })

  test('would lose their replies without the second judgement', async () => {
    await kernel.lab.loadRuleset('node-1', NOTRACK)
    const policies = [ingress('web'), egress('web', { to: [app('db')], ports: [tcp(53)] })]
    const reply = { reply: probe('IPv4', 'db', 'web', { protocol: 'TCP', port: 604, sourcePort: 53, flags: ['ACK'] }) }
    await enforce(kernel.lab, policies, { edit: without('ct state untracked jump untracked4') })
    expect(await passing(kernel.lab, reply)).toEqual([])
    await enforce(kernel.lab, policies)
    expect(await passing(kernel.lab, reply)).toEqual(['reply'])
  })
})

/** Counts, behind our table, the packets whose flow carries any mark. */
const MARKED = `table inet marked {
  chain watch {
    type filter hook forward priority filter + 20; policy accept;
    ct mark != 0 counter
  }
}
`

async function markedPackets(kernel: Kernel): Promise<number> {
  const text = await kernel.lab.nft('node-1', ['list', 'table', 'inet', 'marked'])
  return Number(/packets (\d+)/.exec(text)?.[1])
}
