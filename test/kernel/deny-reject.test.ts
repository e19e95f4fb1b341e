import { beforeAll, expect, test } from 'vitest'
import { FAMILIES } from '../../compiler/addresses/address.ts'
import type { SocketProtocol } from '../../src/lab/sockets.ts'
import { enforce } from './enforce.ts'
import { addressOf, describeKernel, PATIENCE, type PodName } from './kernel-lab.ts'
import { inBoth, passingInBoth, placeName, probe } from './passing.ts'
import { app, closed, egress, ingress, tcp } from './policies.ts'

const REJECT = { options: { deny: 'reject' } } as const

/** Ample: a connection that is told ends at once, and one that is not would be 'silent'. */
const TOLD = { timeoutMilliseconds: 10_000 }

/** What `icmpx admin-prohibited` says in each family, as Linux reports it to a socket. */
const PROHIBITED = { IPv4: 'EHOSTUNREACH', IPv6: 'EACCES' } as const

describeKernel('deny: reject', (kernel) => {
  beforeAll(async () => {
    await kernel.lab.serve('shop/db', { tcp: [80], udp: [80] })
    await kernel.lab.serve('shop/idle', { tcp: [80], udp: [80] })
  })

  const ask = (from: PodName, to: PodName, family: 'IPv4' | 'IPv6', protocol: SocketProtocol) =>
    kernel.lab.connect(placeName(from), addressOf(to, family), 80, protocol, TOLD)

  test.each(FAMILIES)('who may not is told: TCP by a reset, UDP by ICMP, %s', async (family) => {
    // web is told by its own side, before db's; far by db's.
    await enforce(kernel.lab, [egress('web', { to: [app('idle')] }), ingress('db')], REJECT)
    const askers = ['web', 'far'] as const
    const told = await Promise.all(
      askers.map(async (from) => [await ask(from, 'db', family, 'TCP'), await ask(from, 'db', family, 'UDP')]),
    )
    const reset = { outcome: 'refused', code: 'ECONNREFUSED' }
    const prohibited = { outcome: 'unreachable', code: PROHIBITED[family] }
    expect(told).toEqual(askers.map(() => [reset, prohibited]))
    // A grant is a grant, and a stranger's connection to an open pod is nobody's business.
    expect(await ask('web', 'idle', family, 'TCP')).toEqual({ outcome: 'answered' })
  })

  test('nothing that is told gets there all the same', async () => {
    await enforce(kernel.lab, closed('db'), REJECT)
    const denied = (family: 'IPv4' | 'IPv6') => ({
      TCP: probe(family, 'web', 'db', { protocol: 'TCP', port: 80 }),
      UDP: probe(family, 'web', 'db', { protocol: 'UDP', port: 80 }),
      SCTP: probe(family, 'web', 'db', { protocol: 'SCTP', port: 80 }),
      ICMP: probe(family, 'web', 'db', { protocol: 'ICMP' }),
      'of the pod': probe(family, 'db', 'far', { protocol: 'UDP', port: 80 }),
    })
    expect(await passingInBoth(kernel.lab, denied)).toEqual(inBoth([]))
  })

  test('of invalid packets and of those that no policy can name nobody is told', async () => {
    await enforce(kernel.lab, [...closed('db'), ...closed('web')], REJECT)
    const counter = await kernel.lab.received('shop/web', 'meta l4proto { tcp, icmp }')
    await kernel.lab.probe([
      probe('IPv4', 'web', 'db', { protocol: 'TCP', port: 80, flags: ['SYN', 'FIN'] }),
      probe('IPv4', 'web', 'db', { protocol: 'TCP', port: 80, checksum: 'wrong' }),
      { ...probe('IPv4', 'web', 'db', { protocol: 'UDP', port: 80 }), toAddress: '239.1.1.1' },
    ])
    expect(await counter.packets()).toBe(0)
    await kernel.lab.probe([probe('IPv4', 'web', 'db', { protocol: 'TCP', port: 80 })])
    expect(await counter.packets()).toBeGreaterThan(0)
    await counter.close()
  })

  test.each(FAMILIES)('a live TCP connection that loses its right is reset, %s', async (family) => {
    const grant = [ingress('db', { from: [app('web'), app('idle')], ports: [tcp(80)] })]
    const enforced = await enforce(kernel.lab, grant, REJECT)
    const open = (from: PodName) =>
      kernel.lab.session({ from: placeName(from), toAddress: addressOf('db', family), port: 80, protocol: 'TCP' })
    const [revoked, kept] = await Promise.all([open('web'), open('idle')])
    await enforced.change([ingress('db', { from: [app('idle')], ports: [tcp(80)] })])
    await expect.poll(revoked.ended, PATIENCE).toBe('ECONNRESET')
    expect(await kept.progresses(10_000)).toBe(true)
    expect(kept.ended()).toBeUndefined()
    await Promise.all([revoked.close(), kept.close()])
  })
})

describeKernel('deny: drop', (kernel) => {
  test('nobody is told anything', async () => {
    await enforce(kernel.lab, closed('db'))
    const cases = [
      { family: 'IPv4', protocol: 'TCP' },
      { family: 'IPv6', protocol: 'UDP' },
    ] as const
    const outcomes = await Promise.all(
      cases.map(({ family, protocol }) =>
        kernel.lab.connect('shop/web', addressOf('db', family), 80, protocol, { timeoutMilliseconds: 500 }),
      ),
    )
    expect(outcomes).toEqual(cases.map(() => ({ outcome: 'silent' })))
  })
})
