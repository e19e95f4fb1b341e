import { expect, test } from 'vitest'
import { FAMILIES, type Family } from '../../../compiler/addresses/address.ts'
import type { Probe } from '../../../src/lab/probe.ts'
import { enforce } from '../../kernel/enforce.ts'
import { addressOf, describeKernel } from '../../kernel/kernel-lab.ts'
import { inBoth, passingInBoth, probe } from '../../kernel/passing.ts'
import { app, closed, egress, ingress } from '../../kernel/policies.ts'
import { sctpAsk, sctpServe } from './sctp-sockets.ts'
import { both, IPVS, NODE_PORTS, PROTOCOLS, SHORT, useIpvs } from './ipvs-lab.ts'

describeKernel('node ports carried by IPVS', (kernel, arrangement) => {
  const { stand, node, dial, all } = useIpvs(kernel)
  const client = (to: 'db' | 'far') => (family: Family) =>
    Object.fromEntries(
      PROTOCOLS.map((protocol): [string, Probe] => [
        protocol,
        {
          ...probe(family, 'outside', to, { protocol, port: NODE_PORTS[to] }),
          toAddress: node(family),
          via: 'node-1',
        },
      ]),
    )
  const block = (address: string) => ({ ipBlock: { cidr: `${address}/${address.includes(':') ? 128 : 32}` } })
  const outside = FAMILIES.map((family) => block(addressOf('outside', family)))
  const nodes = { IPv4: '', IPv6: '' }

  test('a server of this node judges the client by its own address', async () => {
    await stand()
    await enforce(kernel.lab, closed('db'))
    expect(await passingInBoth(kernel.lab, client('db'))).toEqual(inBoth(PROTOCOLS))
    await enforce(kernel.lab, closed('db'), IPVS)
    expect(await passingInBoth(kernel.lab, client('db'))).toEqual(inBoth([]))
    await enforce(kernel.lab, [ingress('db', { from: outside, ports: both(8080) })], IPVS)
    expect(await passingInBoth(kernel.lab, client('db'))).toEqual(inBoth(PROTOCOLS))
  })

  test('SCTP is judged alike', async () => {
    await stand()
    for (const family of FAMILIES) {
      await using _server = await sctpServe(kernel.lab, 'shop/db', addressOf('db', family), 8080)
      const ask = () => sctpAsk(kernel.lab, 'outside', node(family), NODE_PORTS.db)
      const ports = (protocol: string) => [{ protocol, port: 8080 }]
      // With which its sockets ask a node.
      const client = [block(kernel.lab.outside.underlay[family])]
      await enforce(kernel.lab, [ingress('db', { from: client, ports: ports('SCTP') })], IPVS)
      expect([arrangement, family, await ask()]).toEqual([arrangement, family, 'answered'])
      await enforce(kernel.lab, [ingress('db', { from: client, ports: ports('TCP') })], IPVS)
      expect([arrangement, family, await ask()]).toEqual([arrangement, family, 'silent'])
    }
  })

  test('to a server of another node the client comes with the address by which the node that it asked reaches that one', async () => {
    await stand()
    await enforce(kernel.lab, closed('db'), IPVS)
    await enforce(kernel.lab, [ingress('far', { from: outside, ports: both(8080) })], IPVS, 'node-2')
    expect(await passingInBoth(kernel.lab, client('far'))).toEqual(inBoth([]))
    // Over VXLAN that of flannel.1.
    const tunnel = kernel.lab.nodes[0]?.tunnel
    const asker = FAMILIES.map((family) =>
      block((arrangement === 'bridged' ? tunnel?.[family].address : node(family)) ?? ''),
    )
    await enforce(kernel.lab, [ingress('far', { from: asker, ports: both(8080) })], IPVS, 'node-2')
    expect(await passingInBoth(kernel.lab, client('far'))).toEqual(inBoth(PROTOCOLS))
  })

  test('a pod’s egress is judged by the endpoint behind the node port, and what is allowed is answered', async () => {
    await stand()
    for (const family of FAMILIES) nodes[family] = node(family)
    const policies = (port: number) => [
      egress('web', { to: [app('db'), app('far')], ports: both(port) }),
      ingress('db', { from: [app('web')], ports: both(8080) }),
    ]
    await enforce(kernel.lab, policies(8080), IPVS)
    for (const name of ['db', 'far'] as const) {
      expect([name, await dial('shop/web', nodes, NODE_PORTS[name])]).toEqual([name, all('answered')])
    }
    expect(await dial('shop/idle', nodes, NODE_PORTS.db, SHORT)).toEqual(all('silent'))
    for (const name of ['db', 'far'] as const) {
      await enforce(kernel.lab, policies(NODE_PORTS[name]), IPVS)
      expect([name, await dial('shop/web', nodes, NODE_PORTS[name], SHORT)]).toEqual([name, all('silent')])
    }
  })
})
