import { expect, test } from 'vitest'
import { enforce } from '../../kernel/enforce.ts'
import { describeKernel } from '../../kernel/kernel-lab.ts'
import { inBoth, passingInBoth, probe } from '../../kernel/passing.ts'
import { app, egress, ingress, tcp, udp } from '../../kernel/policies.ts'
import { standingDifference } from '../../kernel/standing-difference.ts'
import { DEFAULT_OPTIONS } from '../../../compiler/nftables/options.ts'
import type { Family } from '../../../compiler/addresses/address.ts'

/** A port range, an exception, two protocols, both directions: a map, an interval set, a set with two fields. */
const POLICIES = [
  egress('web', { to: [app('db')], ports: [tcp(5432)] }),
  ingress(
    'db',
    { from: [app('web')], ports: [tcp(5432), udp(53)] },
    {
      from: [{ ipBlock: { cidr: '10.244.0.0/16', except: ['10.244.2.0/24'] } }],
      ports: [{ protocol: 'TCP', port: 8000, endPort: 8100 }],
    },
  ),
]

describeKernel(
  'on this kernel',
  (kernel) => {
    test('policies load, are read back as they were written, and packets get their verdicts', async () => {
      const generation = 7
      const enforced = await enforce(kernel.lab, POLICIES, { generation })
      expect(enforced.text).toContain('table inet selvedge')
      const standing = { ruleset: enforced.expected(), options: DEFAULT_OPTIONS, generation }
      expect(await standingDifference(kernel.lab, 'node-1', standing)).toBeUndefined()
      const tcpTo = (family: Family, from: 'web' | 'idle' | 'far', port: number) =>
        probe(family, from, 'db', { protocol: 'TCP', port })
      const asked = (family: Family) => ({
        'web to 5432': tcpTo(family, 'web', 5432),
        'web to 8050': tcpTo(family, 'web', 8050),
        'idle to 5432': tcpTo(family, 'idle', 5432),
        'idle to 8050': tcpTo(family, 'idle', 8050),
        'far to 8050': tcpTo(family, 'far', 8050),
      })
      const passed = await passingInBoth(kernel.lab, asked)
      expect(passed).toEqual({ ...inBoth(['web to 5432']), IPv4: ['web to 5432', 'idle to 8050'] })
      await enforced.change([])
      expect((await passingInBoth(kernel.lab, asked)).IPv4).toHaveLength(5)
    })
  },
  ['bridged'],
)
