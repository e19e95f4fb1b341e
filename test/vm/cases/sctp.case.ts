import { FAMILIES } from '../../../compiler/addresses/address.ts'
import { expect, test } from 'vitest'
import { enforce } from '../../kernel/enforce.ts'
import { addressOf, describeKernel } from '../../kernel/kernel-lab.ts'
import { kubeProxyTables } from '../../kernel/kube-proxy.ts'
import { app, closed, egress, ingress, tcp } from '../../kernel/policies.ts'
import { sctpAsk, sctpServe, sctpSession } from './sctp-sockets.ts'

const sctp = (port: number) => ({ protocol: 'SCTP', port })
const SERVICE = { IPv4: '10.96.0.30', IPv6: 'fd96::30' }
const PATIENCE = { timeout: 60_000, interval: 500 }

describeKernel('SCTP by real sockets', (kernel, arrangement) => {
  test('an association comes about where a policy grants SCTP at that port, and nowhere else', async () => {
    for (const family of FAMILIES) {
      const address = addressOf('db', family)
      await using _server = await sctpServe(kernel.lab, 'shop/db', address, 5000)
      const ask = (from: string) => sctpAsk(kernel.lab, `shop/${from}`, address, 5000)
      expect([family, await ask('web')]).toEqual([family, 'answered'])
      await enforce(kernel.lab, [
        egress('web', { to: [app('db')], ports: [sctp(5000)] }),
        ingress('db', { from: [app('web'), app('far')], ports: [sctp(5000)] }),
      ])
      expect([family, await ask('web'), await ask('far'), await ask('idle')]).toEqual([
        family,
        'answered',
        'answered',
        'silent',
      ])
      await enforce(kernel.lab, [ingress('db', { from: [app('web')], ports: [tcp(5000), sctp(5001)] })])
      expect([family, await ask('web')]).toEqual([family, 'silent'])
      await kernel.clear()
    }
  })

  test('a live association stands still without its right, and goes on with it', async () => {
    const address = addressOf('db', 'IPv4')
    await using _server = await sctpServe(kernel.lab, 'shop/db', address, 5000)
    const granted = [ingress('db', { from: [app('web')], ports: [sctp(5000)] })]
    const enforced = await enforce(kernel.lab, granted)
    await using session = await sctpSession(kernel.lab, 'shop/web', address, 5000)
    const goesOn = async () => {
      const before = session.lines()
      await expect.poll(() => session.lines(), PATIENCE).toBeGreaterThan(before)
    }
    await goesOn()
    await enforced.change([ingress('db')])
    const stopped = session.lines()
    // Far more than an answer takes; what came before the change may still be counted.
    await new Promise((resolve) => setTimeout(resolve, 3000))
    expect(session.lines() - stopped).toBeLessThanOrEqual(1)
    await enforced.change(granted)
    await goesOn()
  })

  test('through a Service the endpoint and its port count; closed both ways, a pod still reaches itself by it', async () => {
    for (const family of FAMILIES) {
      const endpoint = addressOf('db', family)
      await using _server = await sctpServe(kernel.lab, 'shop/db', endpoint, 5000)
      const service = {
        family,
        protocol: 'sctp',
        address: SERVICE[family],
        port: 99,
        endpoint,
        targetPort: 5000,
      } as const
      await kernel.lab.loadRuleset('node-1', kubeProxyTables([service]))
      const ask = (from: string) => sctpAsk(kernel.lab, `shop/${from}`, SERVICE[family], 99)
      await enforce(kernel.lab, [egress('web', { to: [app('db')], ports: [sctp(5000)] })])
      expect([family, await ask('web')]).toEqual([family, 'answered'])
      await enforce(kernel.lab, [egress('web', { to: [app('db')], ports: [sctp(99)] })])
      expect([family, await ask('web')]).toEqual([family, 'silent'])
      await enforce(kernel.lab, closed('db'))
      expect([family, await ask('web')]).toEqual([family, 'silent'])
      // Only a bridge brings a pod back to itself.
      if (arrangement === 'bridged') expect([family, await ask('db')]).toEqual([family, 'answered'])
      await kernel.clear()
    }
  })

  test('by a node port the endpoint’s port counts, and the client’s own address', async () => {
    for (const family of FAMILIES) {
      const endpoint = addressOf('db', family)
      // With which its sockets ask a node.
      const own = kernel.lab.outside.underlay[family]
      const node = kernel.lab.nodes[0]?.underlay[family] ?? ''
      await using _server = await sctpServe(kernel.lab, 'shop/db', endpoint, 5000)
      const common = {
        family,
        protocol: 'sctp',
        address: SERVICE[family],
        port: 99,
        endpoint,
        targetPort: 5000,
      } as const
      await kernel.lab.loadRuleset('node-1', kubeProxyTables([{ ...common, nodePort: 30099 }]))
      const ask = () => sctpAsk(kernel.lab, 'outside', node, 30099)
      const client = [{ ipBlock: { cidr: `${own}/${family === 'IPv4' ? 32 : 128}` } }]
      await enforce(kernel.lab, [ingress('db', { from: client, ports: [sctp(5000)] })])
      expect([family, await ask()]).toEqual([family, 'answered'])
      await enforce(kernel.lab, [ingress('db', { from: client, ports: [sctp(30099), tcp(5000)] })])
      expect([family, await ask()]).toEqual([family, 'silent'])
      await kernel.clear()
    }
  })

  test('an association over two addresses comes about, and each of its paths is judged by its own address', async () => {
    // The server names both in its answer; the second is no pod's address, as Kubernetes has it.
    const [address, second] = [addressOf('db', 'IPv4'), '10.244.1.111']
    const onDevice = (verb: string) => ['ip', 'address', verb, `${second}/32`, 'dev', 'eth0']
    await kernel.lab.exec('shop/db', onDevice('add'))
    await kernel.lab.exec('node-1', [
      'ip',
      'route',
      'add',
      `${second}/32`,
      'via',
      address,
      'onlink',
      'dev',
      await deviceTo(address),
    ])
    const heartbeats = await kernel.lab.received('shop/db', `ip daddr ${second} meta l4proto sctp`)
    try {
      await using _server = await sctpServe(kernel.lab, 'shop/db', '0.0.0.0', 5000)
      const toDb = { to: [app('db')], ports: [sctp(5000)] }
      await enforce(kernel.lab, [egress('web', toDb), ingress('db', { from: [app('web')], ports: [sctp(5000)] })])
      expect(await sctpAsk(kernel.lab, 'shop/web', address, 5000)).toBe('answered')
      expect(await heartbeats.packets()).toBe(0)
      await enforce(kernel.lab, [egress('web', toDb, { to: [{ ipBlock: { cidr: `${second}/32` } }] })])
      await using _session = await sctpSession(kernel.lab, 'shop/web', address, 5000)
      await expect.poll(() => heartbeats.packets(), PATIENCE).toBeGreaterThan(0)
    } finally {
      await heartbeats.close()
      await kernel.lab.exec('node-1', ['ip', 'route', 'del', `${second}/32`])
      await kernel.lab.exec('shop/db', onDevice('del'))
    }
  })

  /** The device by which node-1 reaches the address. */
  async function deviceTo(address: string): Promise<string> {
    const { stdout } = await kernel.lab.exec('node-1', ['ip', '-j', 'route', 'get', address])
    return (JSON.parse(stdout) as readonly { readonly dev: string }[])[0]?.dev ?? ''
  }
})
