import { expect, test } from 'vitest'
import { blockWithHostBits } from '../../compiler/lint/rules/block-with-host-bits.ts'
import { documents, policy, workload } from '../explain/manifests.ts'
import { findingsOf, told } from './told.ts'

const block = (cidr: string, except = '') =>
  documents(
    workload('shop/web'),
    policy('shop/p', `{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: "${cidr}", except: [${except}]}}]}]}`),
  )

test('a prefix that was forgotten to be changed', () => {
  expect(told(blockWithHostBits, block('10.0.0.0/0'))).toEqual([
    'NetworkPolicy shop/p: 10.0.0.0/0 is ambiguous: it is read as 0.0.0.0/0',
  ])
  expect(told(blockWithHostBits, block('fd00::1/64'))).toHaveLength(1)
})

test('in an except, at its place', () => {
  const findings = findingsOf(block('10.0.0.0/8', '10.1.0.0/16, 10.2.3.4/16'), [blockWithHostBits])
  expect(findings.map(({ message }) => message)).toEqual(['10.2.3.4/16 is ambiguous: it is read as 10.2.0.0/16'])
  expect(findings[0]?.place).toMatchObject({ line: 7 })
})

test.each(['10.0.0.0/8', '0.0.0.0/0', '10.1.2.3/32', '::/0', 'fd00::/64'])('%s is what it says', (cidr) => {
  expect(told(blockWithHostBits, block(cidr))).toEqual([])
})
