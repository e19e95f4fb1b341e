import { beforeAll, expect, test } from 'vitest'
import { FAMILIES, type Family } from '../../compiler/addresses/address.ts'
import { enforce } from './enforce.ts'
import { addressOf, describeKernel } from './kernel-lab.ts'
import { kubeProxyTables } from './kube-proxy.ts'
import { inBoth, passingInBoth, placeName, probe } from './passing.ts'
import { app, closed, egress, ingress, tcp } from './policies.ts'
import { without } from './without.ts'

// trap 32: a pod reaches itself through its own Service

/** A Service whose only endpoint is web, and one whose only endpoint is db, which share a port. */
const OWN = { IPv4: '10.96.0.10', IPv6: 'fd96::10' }
const OTHER = { IPv4: '10.96.0.11', IPv6: 'fd96::11' }
const TABLES = kubeProxyTables(
  FAMILIES.flatMap((family) =>
    (['tcp', 'udp'] as const).flatMap((protocol) => [
      { family, address: OWN[family], protocol, port: 80, endpoint: addressOf('web', family), targetPort: 8080 },
      { family, address: OTHER[family], protocol, port: 80, endpoint: addressOf('db', family), targetPort: 8080 },
    ]),
  ),
)

describeKernel('hairpin', (kernel) => {
  beforeAll(async () => {
    for (const name of ['web', 'db'] as const) await kernel.lab.serve(placeName(name), { tcp: [8080], udp: [8080] })
  })

  const cases = FAMILIES.flatMap((family) => (['TCP', 'UDP'] as const).map((protocol) => ({ family, protocol })))
  const ask = (addresses: Readonly<Record<Family, string>>, timeoutMilliseconds: number) =>
    Promise.all(
      cases.map(async ({ family, protocol }) => {
        const options = { timeoutMilliseconds }
        return (await kernel.lab.connect('shop/web', addresses[family], 80, protocol, options)).outcome
      }),
    )

  test('a pod closed both ways is answered by itself through its Service, and by no other', async () => {
    await kernel.lab.loadRuleset('node-1', TABLES)
    await enforce(kernel.lab, [...closed('web'), ...closed('db')])
    expect(await ask(OWN, 10_000)).toEqual(cases.map(() => 'answered'))
    expect(await ask(OTHER, 400)).toEqual(cases.map(() => 'silent'))
  })

  test('another pod of the Service is judged as itself, at its target port', async () => {
    await kernel.lab.loadRuleset('node-1', TABLES)
    const through = (family: Family) => ({
      itself: { ...probe(family, 'web', 'web', { protocol: 'TCP', port: 80 }), toAddress: OWN[family] },
      another: { ...probe(family, 'web', 'db', { protocol: 'TCP', port: 80 }), toAddress: OTHER[family] },
    })
    const grant = (port: number) => [
      egress('web', { to: [app('db')], ports: [tcp(port)] }),
      ingress('db', { from: [app('web')], ports: [tcp(port)] }),
      ingress('web'),
    ]
    await enforce(kernel.lab, grant(80))
    expect(await passingInBoth(kernel.lab, through)).toEqual(inBoth(['itself']))
    await enforce(kernel.lab, grant(8080))
    expect(await passingInBoth(kernel.lab, through)).toEqual(inBoth(['itself', 'another']))
  })

  test('nobody passes for the pod itself: its address on both ends comes from its own Service alone', async () => {
    await kernel.lab.loadRuleset('node-1', TABLES)
    await enforce(kernel.lab, closed('web'))
    const others = (family: Family) => ({
      neighbour: { ...probe(family, 'idle', 'web', { protocol: 'TCP', port: 80 }), toAddress: OWN[family] },
      'other node': { ...probe(family, 'far', 'web', { protocol: 'TCP', port: 8080 }) },
      directly: probe(family, 'idle', 'web', { protocol: 'TCP', port: 8080 }),
    })
    expect(await passingInBoth(kernel.lab, others)).toEqual(inBoth([]))
  })

  test('without the sets of pods that reach themselves it would be lost', async () => {
    await kernel.lab.loadRuleset('node-1', TABLES)
    const edits = [
      without('ct status dnat ip saddr . ip daddr @self4 accept'),
      without('ct status dnat ip6 saddr . ip6 daddr @self6 accept'),
    ]
    const edit = (text: string) => edits.reduce((left, each) => each(left), text)
    await enforce(kernel.lab, closed('web'), { edit })
    const itself = (family: Family) => ({
      itself: { ...probe(family, 'web', 'web', { protocol: 'TCP', port: 80 }), toAddress: OWN[family] },
    })
    expect(await passingInBoth(kernel.lab, itself)).toEqual(inBoth([]))
  })
})
