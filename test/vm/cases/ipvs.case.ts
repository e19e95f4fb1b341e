import { expect, test } from 'vitest'
import { FAMILIES, type Family } from '../../../compiler/addresses/address.ts'
import type { Probe } from '../../../src/lab/probe.ts'
import { enforce } from '../../kernel/enforce.ts'
import { addressOf, describeKernel, type PodName } from '../../kernel/kernel-lab.ts'
import { inBoth, passingInBoth, probe } from '../../kernel/passing.ts'
import { app, closed, egress, ingress } from '../../kernel/policies.ts'
import { replacing } from '../../kernel/without.ts'
import type { RawPolicy } from '../../oracle/raw-cluster.ts'
import { AMPLE, both, IPVS, NEAR, OWN, PROTOCOLS, REMOTE, SHORT, useIpvs } from './ipvs-lab.ts'
import { sctpAsk, sctpServe } from './sctp-sockets.ts'

// Each verdict that is denied is seen wrong first, as forward alone gives it.

describeKernel('Services carried by IPVS', (kernel, arrangement) => {
  const { stand, dial, all } = useIpvs(kernel)
  const through = (service: Readonly<Record<Family, string>>, from: PodName, to: PodName) => (family: Family) =>
    Object.fromEntries(
      PROTOCOLS.map((protocol): [string, Probe] => [
        `${from} to ${to}, ${protocol}`,
        { ...probe(family, from, to, { protocol, port: 80 }), toAddress: service[family] },
      ]),
    )
  const asked = (family: Family) => ({
    ...through(NEAR, 'web', 'db')(family),
    ...through(NEAR, 'idle', 'db')(family),
    ...through(REMOTE, 'web', 'far')(family),
    ...through(REMOTE, 'idle', 'far')(family),
  })
  const named = (...pairs: readonly string[]) =>
    inBoth(pairs.flatMap((pair) => PROTOCOLS.map((protocol) => `${pair}, ${protocol}`)))

  test('a pod’s egress and a local server’s ingress are judged at output; at forward alone everything arrives', async () => {
    await stand()
    const policies = (port: number) => [
      egress('idle', { to: [app('far')], ports: both(port) }),
      ingress('db', { from: [app('web'), app('idle')], ports: both(port) }),
    ]
    await enforce(kernel.lab, policies(80))
    const everything = named('web to db', 'idle to db', 'web to far', 'idle to far')
    expect(await passingInBoth(kernel.lab, asked)).toEqual(everything)
    await enforce(kernel.lab, policies(80), IPVS)
    expect(await passingInBoth(kernel.lab, asked)).toEqual(named('web to far'))
    await enforce(kernel.lab, policies(8080), IPVS)
    expect(await passingInBoth(kernel.lab, asked)).toEqual(named('web to db', 'web to far', 'idle to far'))
  })

  test('the server of another node judges the client by its own address', async () => {
    await stand()
    await enforce(kernel.lab, [], IPVS)
    await enforce(kernel.lab, [ingress('far', { from: [app('web')], ports: both(8080) })], IPVS, 'node-2')
    expect(await passingInBoth(kernel.lab, asked)).toEqual(named('web to db', 'idle to db', 'web to far'))
  })

  test('what is allowed is answered with both ends isolated, here and across nodes; what is denied is not', async () => {
    await stand()
    const policies = (port: number): readonly RawPolicy[] => [
      ingress('web'),
      egress('web', { to: [app('db'), app('far')], ports: both(port) }),
      ...(['db', 'far'] as const).flatMap((name) => [
        ingress(name, { from: [app('web')], ports: both(port) }),
        egress(name),
      ]),
    ]
    for (const node of ['node-1', 'node-2']) await enforce(kernel.lab, policies(8080), IPVS, node)
    for (const service of [NEAR, REMOTE]) expect(await dial('shop/web', service)).toEqual(all('answered'))
    expect(await dial('shop/idle', NEAR, 80, SHORT)).toEqual(all('silent'))
  })

  test('the node itself reaches a closed pod, by its address and by the Service', async () => {
    await stand()
    await enforce(kernel.lab, closed('db'), IPVS)
    expect(await dial('node-1', NEAR)).toEqual(all('answered'))
    const direct = await kernel.lab.connect('node-1', addressOf('db', 'IPv4'), 8080, 'TCP', AMPLE)
    expect(direct).toEqual({ outcome: 'answered' })
  })

  test('a pod closed both ways is answered by itself through its Service, whom a rule that asks for DNAT would not know', async () => {
    await stand()
    const edit = (text: string) =>
      FAMILIES.reduce((left, family) => {
        const [ip, digit] = family === 'IPv4' ? ['ip', 4] : ['ip6', 6]
        const [itself, begun] = [
          `${ip} saddr . ${ip} daddr @self${digit}`,
          `ct original ${ip} saddr . ct original ${ip} daddr`,
        ]
        return replacing(`${itself} ${begun} != @self${digit} accept`, `ct status dnat ${itself} accept`)(left)
      }, text)
    await enforce(kernel.lab, closed('web'), { ...IPVS, edit })
    expect(await dial('shop/web', OWN, 80, SHORT)).toEqual(all('silent'))
    const enforced = await enforce(kernel.lab, closed('web'), IPVS)
    expect(await dial('shop/web', OWN)).toEqual(all('answered'))
    const others = (family: Family) => ({
      neighbour: { ...probe(family, 'idle', 'web', { protocol: 'TCP', port: 80 }), toAddress: OWN[family] },
      forged: {
        ...probe(family, 'far', 'web', { protocol: 'TCP', port: 8080 }),
        fromAddress: addressOf('web', family),
      },
    })
    expect(await passingInBoth(kernel.lab, others)).toEqual(inBoth([]))
    expect(enforced.text).not.toContain('ct status dnat')
  })

  test('live flows stand still without their right, and go on with it', async () => {
    await stand()
    const open = [ingress('db', { from: [app('web')], ports: both(8080) }), egress('db')]
    const enforced = await enforce(kernel.lab, open, IPVS)
    const sessions = await Promise.all(
      FAMILIES.flatMap((family) =>
        PROTOCOLS.map((protocol) =>
          kernel.lab.session({ from: 'shop/web', toAddress: NEAR[family], port: 80, protocol }),
        ),
      ),
    )
    const progress = () => Promise.all(sessions.map((session) => session.progresses(30_000)))
    expect(await progress()).toEqual(sessions.map(() => true))
    await enforced.change([ingress('db'), egress('db')])
    // What was under way may still come.
    await Promise.all(sessions.map((session) => session.progresses(1_000)))
    const still = await Promise.all(sessions.map((session) => session.progresses(1_500)))
    expect(still).toEqual(sessions.map(() => false))
    await enforced.change(open)
    expect(await progress()).toEqual(sessions.map(() => true))
    await Promise.all(sessions.map((session) => session.close()))
  })

  test('SCTP is judged alike', async () => {
    await stand()
    for (const family of FAMILIES) {
      await using _server = await sctpServe(kernel.lab, 'shop/db', addressOf('db', family), 8080)
      const ask = () => sctpAsk(kernel.lab, 'shop/web', NEAR[family], 80)
      await enforce(
        kernel.lab,
        [ingress('db', { from: [app('web')], ports: [{ protocol: 'SCTP', port: 8080 }] })],
        IPVS,
      )
      expect([arrangement, family, await ask()]).toEqual([arrangement, family, 'answered'])
      await enforce(kernel.lab, [ingress('db', { from: [app('web')], ports: both(8080) })], IPVS)
      expect([arrangement, family, await ask()]).toEqual([arrangement, family, 'silent'])
    }
  })
})
