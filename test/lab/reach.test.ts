import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLab } from '../../src/lab/create-lab.ts'
import type { Lab } from '../../src/lab/lab.ts'
import type { Arrangement } from '../../src/lab/plan.ts'
import type { Probe } from '../../src/lab/probe.ts'
import { describeLab } from './describe-lab.ts'
import { smallPlan } from './small-plan.ts'

const PROTOCOLS = ['TCP', 'UDP', 'SCTP', 'ICMP'] as const

for (const arrangement of ['bridged', 'routed'] satisfies Arrangement[]) {
  describeLab(`without any ruleset, ${arrangement}`, () => {
    let lab: Lab
    beforeAll(async () => {
      lab = await createLab(smallPlan(arrangement))
    })
    afterAll(() => lab.close())

    test('everything reaches everything: pods, nodes and the outside, each protocol, both families', async () => {
      const probes = everyProbe(lab)
      expect(probes.length).toBeGreaterThan(300)
      expect(await lostOf(lab, probes)).toEqual([])
    })

    test('any address outside is reached, and speaks, without being planned', async () => {
      const probes = PROTOCOLS.flatMap((protocol): Probe[] => [
        { from: 'shop/web', toAddress: '198.51.100.9', protocol, port: 443 },
        { from: 'outside', fromAddress: '172.16.0.9', toAddress: '10.244.2.10', protocol, port: 443 },
        { from: 'outside', fromAddress: '2001:db8:7::1', toAddress: 'fd44:0:0:1::11', protocol, port: 443 },
      ])
      expect(await lostOf(lab, probes)).toEqual([])
    })

    test('ten thousand probes arrive, each of them', async () => {
      const once = everyProbe(lab)
      const probes = Array.from({ length: 10_000 }, (_, index) => once[index % once.length] ?? fail())
      expect(await lostOf(lab, probes)).toEqual([])
    })

    test('what is sent to somebody else does not count as arrived', async () => {
      const toAddress = '10.244.2.10'
      expect(await lab.probe([{ from: 'shop/web', toAddress, to: 'other/db', protocol: 'TCP', port: 80 }])).toEqual([
        false,
      ])
    })

    test('the kernel finds valid packets valid and wrong checksums and flags invalid', async () => {
      await lab.loadRuleset('node-b', COUNT_INVALID)
      const across = PROTOCOLS.flatMap((protocol): Probe[] => [
        { from: 'shop/web', toAddress: '10.244.2.10', protocol, port: 80 },
        { from: 'shop/web', toAddress: 'fd44:0:0:2::10', protocol, port: 80 },
      ])
      expect(await lab.probe(across)).toEqual(across.map(() => true))
      expect(await invalidSeen(lab)).toBe(0)
      const wrong = across.map((probe): Probe => ({ ...probe, checksum: 'wrong' }))
      const strange: Probe[] = [
        { from: 'shop/web', toAddress: '10.244.2.10', protocol: 'TCP', port: 80, flags: ['SYN', 'FIN'] },
        { from: 'shop/web', toAddress: '10.244.2.10', protocol: 'ICMP', echo: 'reply' },
        { from: 'shop/web', toAddress: 'fd44:0:0:2::10', protocol: 'ICMP', echo: 'reply' },
      ]
      expect(await lostOf(lab, [...wrong, ...strange])).toEqual([])
      expect(await invalidSeen(lab)).toBe(wrong.length + strange.length)
      await lab.loadRuleset('node-b', 'delete table inet invalid')
    })

    test('no table of the prober is left on a node', async () => {
      await lab.probe([{ from: 'shop/web', toAddress: '10.244.1.1', protocol: 'ICMP' }])
      expect(await lab.nft('node-a', ['list', 'ruleset'])).toBe('')
    })
  })
}

const COUNT_INVALID = `table inet invalid {
  counter seen { }
  chain watch { type filter hook forward priority 0; ct state invalid counter name seen; }
}
`

async function invalidSeen(lab: Lab): Promise<number> {
  const text = await lab.nft('node-b', ['list', 'counter', 'inet', 'invalid', 'seen'])
  return Number(/packets (\d+)/.exec(text)?.[1])
}

/** From each place to each address of each other one, and of each pod to itself. */
function everyProbe(lab: Lab): Probe[] {
  const targets = [
    ...lab.pods.flatMap((pod) => pod.addresses),
    ...lab.nodes.flatMap((node) => [...Object.values(node.gateway), ...Object.values(node.underlay)]),
    ...lab.outside.addresses,
  ]
  const places = [...lab.nodes, ...lab.pods, lab.outside]
  return places.flatMap((from) =>
    targets
      .filter((toAddress) => from.kind === 'pod' || !ownAddresses(from).includes(toAddress))
      .flatMap((toAddress) => PROTOCOLS.map((protocol): Probe => ({ from: from.name, toAddress, protocol, port: 80 }))),
  )
}

function ownAddresses(place: Lab['nodes'][number] | Lab['outside']): readonly string[] {
  return place.kind === 'outside'
    ? place.addresses
    : [...Object.values(place.gateway), ...Object.values(place.underlay)]
}

async function lostOf(lab: Lab, probes: readonly Probe[]): Promise<readonly Probe[]> {
  const arrived = await lab.probe(probes)
  return probes.filter((_, index) => !arrived[index])
}

function fail(): never {
  throw new Error('no probe')
}
