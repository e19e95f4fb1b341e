import type { Arrangement, LabPlan } from '../../src/lab/plan.ts'

/** Two nodes with two dual-stack pods each, and some addresses outside. */
export function smallPlan(arrangement: Arrangement): LabPlan {
  return {
    arrangement,
    nodes: [{ name: 'node-a' }, { name: 'node-b' }],
    pods: [
      { name: 'shop/web', node: 'node-a', addresses: ['10.244.1.10', 'fd44:0:0:1::10'] },
      { name: 'shop/db', node: 'node-a', addresses: ['10.244.1.11', 'fd44:0:0:1::11'] },
      { name: 'other/web', node: 'node-b', addresses: ['10.244.2.10', 'fd44:0:0:2::10'] },
      { name: 'other/db', node: 'node-b', addresses: ['10.244.2.11', 'fd44:0:0:2::11'] },
    ],
    outside: ['203.0.113.7', '10.1.2.3', '2001:db8:1::5'],
  }
}
