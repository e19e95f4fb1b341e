import { beforeAll, expect, test } from 'vitest'
import { FAMILIES, type Family } from '../../compiler/addresses/address.ts'
import { enforce } from './enforce.ts'
import { addressOf, describeKernel } from './kernel-lab.ts'
import { inBoth, passing, passingInBoth, placeName, probe } from './passing.ts'
import { app, closed, egress, ingress, tcp, udp } from './policies.ts'
import { without } from './without.ts'

/** web and far may ask db, on these ports only; nobody may do anything else. */
const ASKING = [
  ...closed('idle'),
  ingress('web'),
  egress('web', { to: [app('db')], ports: [tcp(80), udp(53)] }),
  ingress('db', { from: [app('web'), app('far')], ports: [tcp(80), udp(53)] }),
  egress('db'),
]

describeKernel('replies', (kernel) => {
  beforeAll(async () => {
    await kernel.lab.serve('shop/db', { tcp: [80], udp: [53] })
  })

  test('both directions of an allowed connection flow, and nobody else gets through', async () => {
    await enforce(kernel.lab, ASKING)
    const cases = FAMILIES.flatMap((family) =>
      (['web', 'far'] as const).flatMap((from) =>
        (['TCP', 'UDP'] as const).map((protocol) => ({ from, family, protocol, port: protocol === 'TCP' ? 80 : 53 })),
      ),
    )
    const seen = await Promise.all(
      cases.map(async (one) => {
        const to = addressOf('db', one.family)
        const options = { timeoutMilliseconds: 10_000 }
        return { ...one, ...(await kernel.lab.connect(placeName(one.from), to, one.port, one.protocol, options)) }
      }),
    )
    expect(seen).toEqual(cases.map((one) => ({ ...one, outcome: 'answered' })))
    const others = (family: Family) => ({
      'the opposite direction': probe(family, 'db', 'web', { protocol: 'TCP', port: 80 }),
      'the opposite direction, UDP': probe(family, 'db', 'web', { protocol: 'UDP', port: 53 }),
      'the opposite direction, to another node': probe(family, 'db', 'far', { protocol: 'UDP', port: 53 }),
      'another client': probe(family, 'idle', 'db', { protocol: 'TCP', port: 80 }),
      'another server': probe(family, 'web', 'far', { protocol: 'TCP', port: 80 }),
      'another port': probe(family, 'web', 'db', { protocol: 'TCP', port: 53 }),
    })
    expect(await passingInBoth(kernel.lab, others)).toEqual(inBoth([]))
  })

  test.each(FAMILIES)('a reply passes only where its request did, %s', async (family) => {
    await enforce(kernel.lab, ASKING)
    const requests = {
      'udp, allowed': probe(family, 'web', 'db', { protocol: 'UDP', port: 53, sourcePort: 301 }),
      'udp, allowed, from another node': probe(family, 'far', 'db', { protocol: 'UDP', port: 53, sourcePort: 301 }),
      'udp, denied': probe(family, 'idle', 'db', { protocol: 'UDP', port: 53, sourcePort: 301 }),
      'udp, denied port': probe(family, 'web', 'db', { protocol: 'UDP', port: 54, sourcePort: 301 }),
    }
    expect(await passing(kernel.lab, requests)).toEqual(['udp, allowed', 'udp, allowed, from another node'])
    expect(
      await passing(kernel.lab, {
        'reply to an allowed request': probe(family, 'db', 'web', { protocol: 'UDP', port: 301, sourcePort: 53 }),
        'reply to another node': probe(family, 'db', 'far', { protocol: 'UDP', port: 301, sourcePort: 53 }),
        'reply to a denied source': probe(family, 'db', 'idle', { protocol: 'UDP', port: 301, sourcePort: 53 }),
        'reply from a denied port': probe(family, 'db', 'web', { protocol: 'UDP', port: 301, sourcePort: 54 }),
        'reply to nothing': probe(family, 'db', 'web', { protocol: 'UDP', port: 302, sourcePort: 53 }),
      }),
    ).toEqual(['reply to an allowed request', 'reply to another node'])
  })

  test.each(FAMILIES)('what only looks like a reply is judged as a request of its sender, %s', async (family) => {
    // Nothing of db is restricted: it is web's closed ingress that has to stop these.
    await enforce(kernel.lab, [ingress('web')])
    const looks = {
      'SYN and ACK': probe(family, 'db', 'web', { protocol: 'TCP', port: 303, sourcePort: 80, flags: ['SYN', 'ACK'] }),
      'ACK alone': probe(family, 'db', 'web', { protocol: 'TCP', port: 304, sourcePort: 80, flags: ['ACK'] }),
      RST: probe(family, 'db', 'web', { protocol: 'TCP', port: 305, sourcePort: 80, flags: ['RST'] }),
      UDP: probe(family, 'db', 'web', { protocol: 'UDP', port: 303, sourcePort: 53 }),
      'of another node': probe(family, 'far', 'web', { protocol: 'UDP', port: 303, sourcePort: 53 }),
    }
    expect(await passing(kernel.lab, looks)).toEqual([])
    await kernel.clear()
    expect(await passing(kernel.lab, looks)).toEqual(Object.keys(looks))
  })

  test('without what remembers a flow and knows its direction, the reply would be lost', async () => {
    const rules = [/ct mark & .* accept$/, 'ct direction reply goto reply4'].map(without)
    await enforce(kernel.lab, ASKING, { edit: (text) => rules.reduce((left, edit) => edit(left), text) })
    const request = probe('IPv4', 'web', 'db', { protocol: 'UDP', port: 53, sourcePort: 306 })
    const reply = probe('IPv4', 'db', 'web', { protocol: 'UDP', port: 306, sourcePort: 53 })
    expect(await passing(kernel.lab, { request })).toEqual(['request'])
    expect(await passing(kernel.lab, { reply })).toEqual([])
  })
})
