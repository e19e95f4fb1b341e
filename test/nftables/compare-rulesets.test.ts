import { expect, test } from 'vitest'
import { compareRulesets, isRedeclared } from '../../compiler/nftables/compare-rulesets.ts'
import { isEmptyChange, type Ruleset, type SetValue } from '../../compiler/nftables/ruleset.ts'

const ours: SetValue = {
  kind: 'set',
  name: 'y4-1',
  type: ['ipv4_addr', 'inet_proto', 'inet_service'],
  interval: true,
  elements: new Set(['10.0.0.1 . tcp . 80-90']),
}

const of = (set: SetValue): Ruleset => ({ sets: new Map([[set.name, set]]), chains: new Map() })

test('a set is equal to itself, whatever its comment', () => {
  expect(isEmptyChange(compareRulesets(of(ours), of({ ...ours, comment: 'other' })))).toBe(true)
  expect(isRedeclared(of(ours), of(ours))).toBe(false)
})

test.each<readonly [string, Partial<SetValue>]>([
  ['kind', { kind: 'map' }],
  ['key', { type: ['ipv4_addr', 'inet_proto'] }],
  ['flags', { interval: false }],
])('a set of our name with another %s is seen, and never adopted', (_, other) => {
  const standing = of({ ...ours, ...other })
  const change = compareRulesets(standing, of(ours))
  expect(change).toMatchObject({ createdSets: [ours], deletedSets: [{ ...ours, ...other }], narrows: true })
  expect(change.elements.size).toBe(0)
  expect(isRedeclared(standing, of(ours))).toBe(true)
})
