import { beforeAll, expect, test } from 'vitest'
import { FAMILIES, type Family } from '../../compiler/addresses/address.ts'
import type { Probe } from '../../src/lab/probe.ts'
import { patient } from '../support/patience.ts'
import { enforce } from './enforce.ts'
import { addressOf, describeKernel, type Kernel, type PodName } from './kernel-lab.ts'
import { nodePortProbe } from './node-port-probe.ts'
import { kubeProxyTables } from './kube-proxy.ts'
import { inBoth, passingInBoth, placeName, probe } from './passing.ts'
import { ANYWHERE, app, egress, ingress, tcp } from './policies.ts'

// trap 33: a node port is judged by the source that is visible at the hook

const NEAR = { IPv4: '10.96.0.20', IPv6: 'fd96::20' }
const REMOTE = { IPv4: '10.96.0.21', IPv6: 'fd96::21' }

/** Two Services of port 80: one leads to db on node-1 at 8080, one to far on node-2 at 8081; node ports 30080, 30081. */
const services = (masquerade: boolean) =>
  FAMILIES.flatMap((family) => {
    const common = { family, protocol: 'tcp', port: 80, masquerade } as const
    return [
      { ...common, address: NEAR[family], nodePort: 30080, endpoint: addressOf('db', family), targetPort: 8080 },
      { ...common, address: REMOTE[family], nodePort: 30081, endpoint: addressOf('far', family), targetPort: 8081 },
    ]
  })

describeKernel('Services', (kernel, arrangement) => {
  beforeAll(async () => {
    await kernel.lab.serve('shop/db', { tcp: [8080] })
    await kernel.lab.serve('shop/far', { tcp: [8081] })
  })

  const through =
    (addresses: Readonly<Record<Family, string>>, to: PodName) =>
    (family: Family, from: PodName): Probe => ({
      ...probe(family, from, to, { protocol: 'TCP', port: 80 }),
      toAddress: addresses[family],
    })
  const near = through(NEAR, 'db')
  const remote = through(REMOTE, 'far')

  test('a client is judged on the endpoint and its target port, never on the Service’s', async () => {
    await kernel.lab.loadRuleset('node-1', kubeProxyTables(services(false)))
    const asked = (family: Family) => ({
      'db by its Service': near(family, 'web'),
      'far by its Service': remote(family, 'web'),
      'db at its port': probe(family, 'web', 'db', { protocol: 'TCP', port: 8080 }),
      'far at its port': probe(family, 'web', 'far', { protocol: 'TCP', port: 8081 }),
      'far at the Service’s port': probe(family, 'web', 'far', { protocol: 'TCP', port: 80 }),
    })
    const clusterAddresses = [{ ipBlock: { cidr: '10.96.0.0/12' } }, { ipBlock: { cidr: 'fd96::/112' } }]
    await enforce(kernel.lab, [egress('web', { to: clusterAddresses }, { to: ANYWHERE, ports: [tcp(80)] })])
    expect(await passingInBoth(kernel.lab, asked)).toEqual(inBoth(['far at the Service’s port']))
    await enforce(kernel.lab, [egress('web', { to: [app('db')], ports: [tcp(8080)] })])
    expect(await passingInBoth(kernel.lab, asked)).toEqual(inBoth(['db by its Service', 'db at its port']))
    await enforce(kernel.lab, [egress('web', { to: [app('far')], ports: [tcp(8081)] })])
    expect(await passingInBoth(kernel.lab, asked)).toEqual(inBoth(['far by its Service', 'far at its port']))
  })

  test('an endpoint judges the client behind a Service by the client’s own address', async () => {
    await kernel.lab.loadRuleset('node-1', kubeProxyTables(services(false)))
    const asked = (family: Family) => ({
      web: near(family, 'web'),
      idle: near(family, 'idle'),
      'web to far': remote(family, 'web'),
      'idle to far': remote(family, 'idle'),
    })
    const policies = (port: number, name: 'db' | 'far') => [ingress(name, { from: [app('web')], ports: [tcp(port)] })]
    await enforce(kernel.lab, policies(8080, 'db'))
    await enforce(kernel.lab, policies(8081, 'far'), {}, 'node-2')
    expect(await passingInBoth(kernel.lab, asked)).toEqual(inBoth(['web', 'web to far']))
  })

  test('a connection through a Service is answered, on the node and across nodes, with both ends isolated', async () => {
    await kernel.lab.loadRuleset('node-1', kubeProxyTables(services(false)))
    const policies = [
      ingress('web'),
      egress('web', { to: [app('db'), app('far')], ports: [tcp(8080), tcp(8081)] }),
      ...(['db', 'far'] as const).flatMap((name) => [
        ingress(name, { from: [app('web')], ports: [tcp(8080), tcp(8081)] }),
        egress(name),
      ]),
    ]
    await enforce(kernel.lab, policies)
    await enforce(kernel.lab, policies, {}, 'node-2')
    const options = { timeoutMilliseconds: patient(10_000) }
    const answers = await Promise.all(
      [...Object.values(NEAR), ...Object.values(REMOTE)].map((address) =>
        kernel.lab.connect(placeName('web'), address, 80, 'TCP', options),
      ),
    )
    expect(answers).toEqual(answers.map(() => ({ outcome: 'answered' })))
  })

  test('by a node port, the endpoint of the same node sees the client, masqueraded or not', async () => {
    for (const masquerade of [false, true]) {
      await kernel.lab.loadRuleset('node-1', `flush ruleset\n${kubeProxyTables(services(masquerade))}`)
      const asked = (family: Family) => ({ client: nodePortProbe(kernel, family, 30080, 'db') })
      await enforce(kernel.lab, [ingress('db', { from: fromClient(), ports: [tcp(8080)] })])
      expect(await passingInBoth(kernel.lab, asked)).toEqual(inBoth(['client']))
      await enforce(kernel.lab, [ingress('db', { from: fromNode(kernel, arrangement), ports: [tcp(8080)] })])
      expect(await passingInBoth(kernel.lab, asked)).toEqual(inBoth([]))
    }
  })

  test('by a node port of another node, the endpoint’s node sees the client, or masqueraded the first node', async () => {
    for (const [masquerade, allowed, denied] of [
      [false, fromClient(), fromNode(kernel, arrangement)],
      [true, fromNode(kernel, arrangement), fromClient()],
    ] as const) {
      await kernel.lab.loadRuleset('node-1', `flush ruleset\n${kubeProxyTables(services(masquerade))}`)
      const asked = (family: Family) => ({ client: nodePortProbe(kernel, family, 30081, 'far') })
      await enforce(kernel.lab, [ingress('far', { from: allowed, ports: [tcp(8081)] })], {}, 'node-2')
      expect(await passingInBoth(kernel.lab, asked)).toEqual(inBoth(['client']))
      await enforce(kernel.lab, [ingress('far', { from: denied, ports: [tcp(8081)] })], {}, 'node-2')
      expect(await passingInBoth(kernel.lab, asked)).toEqual(inBoth([]))
    }
  })
})

const block = (address: string) => ({ ipBlock: { cidr: `${address}/${address.includes(':') ? 128 : 32}` } })

const fromClient = () => FAMILIES.map((family) => block(addressOf('outside', family)))

/** What node-2 sees when node-1 speaks: over VXLAN the address of flannel.1, otherwise the node's own. */
function fromNode(kernel: Kernel, arrangement: 'bridged' | 'routed') {
  const node = kernel.lab.nodes[0]
  return FAMILIES.map((family) =>
    block((arrangement === 'bridged' ? node?.tunnel[family].address : node?.underlay[family]) ?? ''),
  )
}
