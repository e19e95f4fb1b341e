import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createLab } from '../../src/lab/create-lab.ts'
import type { Lab } from '../../src/lab/lab.ts'
import { LabCommandError, LabPlanError } from '../../src/lab/lab-error.ts'
import type { Arrangement } from '../../src/lab/plan.ts'
import type { Probe } from '../../src/lab/probe.ts'
import { describeLab } from './describe-lab.ts'
import { smallPlan } from './small-plan.ts'

/** Every pod address of the small plan, and two outside. */
const ADDRESSES = [
  '10.244.1.10',
  '10.244.1.11',
  '10.244.2.10',
  '10.244.2.11',
  '203.0.113.7',
  'fd44:0:0:1::10',
  'fd44:0:0:1::11',
  'fd44:0:0:2::10',
  'fd44:0:0:2::11',
  '2001:db8:1::5',
]

for (const arrangement of ['bridged', 'routed'] satisfies Arrangement[]) {
  describeLab(`with rules on a node, ${arrangement}`, () => {
    let lab: Lab
    beforeAll(async () => {
      lab = await createLab(smallPlan(arrangement))
    })
    afterAll(() => lab.close())
    afterEach(() => lab.loadRuleset('node-a', 'flush ruleset\n'))

    test('exactly what a drop rule in forward names is lost, on one bridge too', async () => {
      await lab.loadRuleset(
        'node-a',
        forwardChain('ip daddr 10.244.1.11 tcp dport 80 drop\nip6 daddr fd44:0:0:1::11 udp dport 53 drop'),
      )
      const probes = podsAndOutside(lab).flatMap((from) =>
        ADDRESSES.flatMap((toAddress): Probe[] => [
          { from, toAddress, protocol: 'TCP', port: 80 },
          { from, toAddress, protocol: 'TCP', port: 81 },
          { from, toAddress, protocol: 'UDP', port: 53 },
          { from, toAddress, protocol: 'ICMP' },
        ]),
      )
      const arrived = await lab.probe(probes.filter((probe) => !isOutsideToOutside(probe)))
      const expected = probes
        .filter((probe) => !isOutsideToOutside(probe))
        .map(({ toAddress, protocol, port }) => {
          const denied =
            (toAddress === '10.244.1.11' && protocol === 'TCP' && port === 80) ||
            (toAddress === 'fd44:0:0:1::11' && protocol === 'UDP')
          return !denied
        })
      expect(arrived).toEqual(expected)
      expect(expected.filter((each) => !each)).toHaveLength(10)
    })

    test('a probe is a new flow each time: what conntrack remembers of the last one does not help it', async () => {
      const probe: Probe = { from: 'shop/web', toAddress: '10.244.1.11', protocol: 'UDP', port: 53 }
      await lab.loadRuleset('node-a', forwardChain('ct mark set 7'))
      expect(await lab.probe([probe])).toEqual([true])
      await lab.loadRuleset('node-a', `flush ruleset\n${forwardChain('ct mark 7 accept\ndrop')}`)
      expect(await lab.probe([probe])).toEqual([false])
      const samePort = { ...probe, sourcePort: 1024 }
      await lab.loadRuleset('node-a', `flush ruleset\n${forwardChain('ct mark set 7')}`)
      expect(await lab.probe([samePort])).toEqual([true])
      await lab.loadRuleset('node-a', `flush ruleset\n${forwardChain('ct mark 7 accept\ndrop')}`)
      expect(await lab.probe([samePort])).toEqual([true])
    })

    test('a source address that is not the sender’s is judged as what it says', async () => {
      await lab.loadRuleset('node-a', forwardChain('ip saddr 172.16.0.9 drop'))
      const common = { from: 'outside', toAddress: '10.244.1.10', protocol: 'TCP', port: 80 } as const
      expect(
        await lab.probe([
          { ...common, fromAddress: '172.16.0.9' },
          { ...common, fromAddress: '172.16.0.8' },
        ]),
      ).toEqual([false, true])
    })

    test('behind a Service’s DNAT the endpoint receives, on the same node, another node and itself', async () => {
      await lab.loadRuleset('node-a', dnat('10.96.0.10', '10.244.1.11'))
      await lab.loadRuleset('node-a', dnat('10.96.0.11', '10.244.2.10'))
      await lab.loadRuleset('node-a', dnat('10.96.0.12', '10.244.1.10'))
      const common = { from: 'shop/web', protocol: 'TCP', port: 80 } as const
      expect(
        await lab.probe([
          { ...common, toAddress: '10.96.0.10', to: 'shop/db' },
          { ...common, toAddress: '10.96.0.11', to: 'other/web' },
          { ...common, toAddress: '10.96.0.12', to: 'shop/web' },
          { ...common, toAddress: '10.96.0.10', to: 'other/web' },
          { ...common, from: 'outside', via: 'node-a', toAddress: '10.96.0.11', to: 'other/web' },
        ]),
      ).toEqual([true, true, true, false, true])
    })

    test('a ruleset that nft refuses is an error that carries nft’s words', async () => {
      const loading = lab.loadRuleset('node-a', 'table inet x { chain y { nonsense } }\n')
      await expect(loading).rejects.toBeInstanceOf(LabCommandError)
      await expect(loading).rejects.toMatchObject({ exitCode: 1, stderr: expect.stringContaining('nonsense') })
    })

    test('a probe from nowhere, and one without a port, are errors of the plan', async () => {
      await expect(lab.probe([{ from: 'nobody', toAddress: '10.244.1.10', protocol: 'ICMP' }])).rejects.toThrow(
        LabPlanError,
      )
      await expect(lab.probe([{ from: 'shop/db', toAddress: '10.244.1.10', protocol: 'TCP' }])).rejects.toThrow(/port/)
    })
  })
}

function forwardChain(rules: string): string {
  return `table inet trial {
  chain forward { type filter hook forward priority filter + 5; policy accept;
    ${rules}
  }
}
`
}

function dnat(virtual: string, endpoint: string): string {
  return `table ip services {
  chain prerouting { type nat hook prerouting priority dstnat; ip daddr ${virtual} tcp dport 80 dnat to ${endpoint}:8080; }
}
`
}

function podsAndOutside(lab: Lab): string[] {
  return [...lab.pods, lab.outside].map((place) => place.name)
}

/** The outside does not go through the network to speak to itself. */
function isOutsideToOutside({ from, toAddress }: Probe): boolean {
  return from === 'outside' && (toAddress === '203.0.113.7' || toAddress === '2001:db8:1::5')
}
