import { expect, test } from 'vitest'
import { forgetFlows } from '../../compiler/nftables/forget-flows.ts'
import { flowRecord } from '../denied/flow-record.ts'

test('flows are taken out of the sets in which they are noted, by numbers', () => {
  const flows = [
    flowRecord('10.0.0.1', '10.0.0.2', { protocol: 'TCP', port: 80 }),
    flowRecord('10.0.0.1', '10.0.0.2', { protocol: 'SCTP', port: 7 }),
    flowRecord('10.0.0.1', '10.0.0.2', { protocol: 'other', number: 47 }),
    flowRecord('fd00::1', 'fd00::2', { protocol: 'ICMP', type: 128, code: 0 }),
    { ...flowRecord('10.0.0.1', '10.0.0.2', { protocol: 'UDP', port: 53 }), directed: false },
    { ...flowRecord('10.0.0.1', '10.0.0.2', { protocol: 'UDP', port: 53 }), fate: 'allowed' as const },
  ]
  expect(forgetFlows(flows).split('\n')).toEqual([
    'delete element inet selvedge denied4 { 10.0.0.1 . 10.0.0.2 . 132 . 7, 10.0.0.1 . 10.0.0.2 . 47 . 0, 10.0.0.1 . 10.0.0.2 . 6 . 80 }',
    'delete element inet selvedge denied-icmp6 { fd00::1 . fd00::2 . 128 . 0 }',
    'delete element inet selvedge denied-untracked4 { 10.0.0.1 . 10.0.0.2 . 17 . 53 }',
    'delete element inet selvedge seen4 { 10.0.0.1 . 10.0.0.2 . 17 . 53 }',
    '',
  ])
})
