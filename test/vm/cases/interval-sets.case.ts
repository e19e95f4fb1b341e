import { release } from 'node:os'
import { expect, test } from 'vitest'
import type { Family } from '../../../compiler/addresses/address.ts'
import { DEFAULT_OPTIONS } from '../../../compiler/nftables/options.ts'
import { preflight } from '../../../src/kernel/preflight.ts'
import { enforce } from '../../kernel/enforce.ts'
import { EVERY_OPTIONS, everySet, GENERATION } from '../../kernel/every-set.ts'
import { addressOf, describeKernel, rawPods } from '../../kernel/kernel-lab.ts'
import { passingInBoth, probe } from '../../kernel/passing.ts'
import { app, ingress } from '../../kernel/policies.ts'
import { standingDifference } from '../../kernel/standing-difference.ts'

// trap: keys of interval sets that this nft writes in a form that this kernel refuses (test/kernel/byteorder.test.ts)

describeKernel(
  'interval sets on this kernel',
  (kernel) => {
    test('IPv4: every form of set loads and is read back as it was written', async () => {
      const every = everySet(['IPv4'])
      await kernel.lab.loadRuleset('node-1', every.text)
      const standing = { ruleset: every.ruleset, options: EVERY_OPTIONS, generation: GENERATION }
      expect(await standingDifference(kernel.lab, 'node-1', standing)).toBeUndefined()
    })

    test('IPv6: loads, or is refused where doctor says so', async () => {
      const text = everySet(['IPv6']).text
      const { exitCode } = await kernel.lab.exec('node-1', ['nft', '-f', '-'], { input: text })
      const command = kernel.lab.command('node-1', ['nft'])
      const options = { markMask: DEFAULT_OPTIONS.markMask, serviceProxy: 'nat' as const, command }
      const found = (await preflight(options)).map(({ id }) => id).filter((id) => /refuse/.test(id))
      expect([release(), exitCode, found]).toEqual([release(), exitCode, exitCode === 0 ? [] : ['ipv6-refused']])
    })

    const ports = Array.from({ length: 8 }, (_, index) => ({
      protocol: index % 2 === 0 ? 'TCP' : 'UDP',
      port: 3000 + 10 * index,
      endPort: 3005 + 10 * index,
    }))
    const cut = Array.from(
      { length: 9 },
      (_, index) => `${addressOf('far', 'IPv4').replace(/\d+$/, '')}${200 + index * 2}/32`,
    )
    const far = [{ ipBlock: { cidr: `${addressOf('far', 'IPv4').replace(/\d+$/, '0')}/24`, except: cut } }]

    test('IPv4: packets are judged by a map with ranges of ports, and by sets of blocks', async () => {
      const enforced = await enforce(
        kernel.lab,
        [
          ingress(
            'db',
            { from: [app('web')], ports },
            { from: far, ports: [{ protocol: 'TCP', port: 8000, endPort: 8100 }] },
          ),
          ingress('idle', { from: far, ports: [{ protocol: 'UDP' }] }),
        ],
        { pods: rawPods(['IPv4']) },
      )
      expect(enforced.text).toMatch(/ip protocol \. th dport vmap @d4-/)
      expect(enforced.text).toMatch(/ip protocol \. th dport @z4-/)
      expect(enforced.text).toMatch(/ip protocol @b4-/)
      const asked = (family: Family) => ({
        'web to 3003': probe(family, 'web', 'db', { protocol: 'TCP', port: 3003 }),
        'web to 3003/UDP': probe(family, 'web', 'db', { protocol: 'UDP', port: 3003 }),
        'web to 3013/UDP': probe(family, 'web', 'db', { protocol: 'UDP', port: 3013 }),
        'web to 3006': probe(family, 'web', 'db', { protocol: 'TCP', port: 3006 }),
        'far to 3003': probe(family, 'far', 'db', { protocol: 'TCP', port: 3003 }),
        'far to 8050': probe(family, 'far', 'db', { protocol: 'TCP', port: 8050 }),
        'far to 8101': probe(family, 'far', 'db', { protocol: 'TCP', port: 8101 }),
        'far to idle/UDP': probe(family, 'far', 'idle', { protocol: 'UDP', port: 53 }),
        'far to idle/TCP': probe(family, 'far', 'idle', { protocol: 'TCP', port: 53 }),
      })
      const passed = await passingInBoth(kernel.lab, asked)
      expect(passed.IPv4).toEqual(['web to 3003', 'web to 3013/UDP', 'far to 8050', 'far to idle/UDP'])
    })
  },
  ['bridged'],
)
