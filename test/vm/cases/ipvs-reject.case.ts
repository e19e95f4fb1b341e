import { expect, test } from 'vitest'
import { FAMILIES, type Family } from '../../../compiler/addresses/address.ts'
import { enforce } from '../../kernel/enforce.ts'
import { addressOf, describeKernel } from '../../kernel/kernel-lab.ts'
import { closed, ingress } from '../../kernel/policies.ts'
import { without } from '../../kernel/without.ts'
import { AMPLE, NEAR, NODE_PORTS, PROTOCOLS, SHORT, useIpvs } from './ipvs-lab.ts'

// trap: a reset for what a bridge brought in passes every hook, and comes from somebody whom the client never asked

const REJECT = { options: { serviceProxy: 'ipvs', deny: 'reject' } } as const
const AT_OUTPUT = 'meta iif 0 tcp flags syn / syn,ack counter reject with icmpx admin-prohibited'
/** What 'administratively prohibited' is to a socket. */
const PROHIBITED = { IPv4: 'EHOSTUNREACH', IPv6: 'EACCES' } as const

describeKernel('deny: reject, through a Service carried by IPVS', (kernel, arrangement) => {
  const { stand, node } = useIpvs(kernel)
  const ask = (address: string, port: number, protocol: 'TCP' | 'UDP', options = AMPLE) =>
    kernel.lab.connect('shop/web', address, port, protocol, options)

  test('who may not is told by ICMP, by ClusterIP and node port; of a pod itself, by a reset', async () => {
    await stand()
    await enforce(kernel.lab, closed('db'), REJECT)
    for (const family of FAMILIES) {
      const told = { outcome: 'unreachable', code: PROHIBITED[family] }
      for (const protocol of PROTOCOLS) {
        expect([family, protocol, await ask(NEAR[family], 80, protocol)]).toEqual([family, protocol, told])
        expect([family, protocol, await ask(node(family), NODE_PORTS.db, protocol)]).toEqual([family, protocol, told])
      }
      const reset = { outcome: 'refused', code: 'ECONNREFUSED' }
      expect([family, await ask(addressOf('db', family), 8080, 'TCP')]).toEqual([family, reset])
    }
  })

  test('by a reset at output the client of a bridge waits', async () => {
    await stand()
    await enforce(kernel.lab, closed('db'), { ...REJECT, edit: without(AT_OUTPUT) })
    const outcome = async (family: Family) => (await ask(NEAR[family], 80, 'TCP', SHORT)).outcome
    const expected = arrangement === 'bridged' ? 'silent' : 'refused'
    expect([await outcome('IPv4'), await outcome('IPv6')]).toEqual([expected, expected])
  })

  test('a live connection that loses its right hears no more, and its server’s next packet ends it there', async () => {
    await stand()
    const enforced = await enforce(kernel.lab, [ingress('db', {})], REJECT)
    const session = await kernel.lab.session({ from: 'shop/web', toAddress: NEAR.IPv4, port: 80, protocol: 'TCP' })
    expect(await session.progresses(30_000)).toBe(true)
    await enforced.change([ingress('db')])
    await session.progresses(1_000)
    expect(await session.progresses(2_000)).toBe(false)
    await session.close()
  })
})
