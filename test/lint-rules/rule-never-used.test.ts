import { expect, test } from 'vitest'
import type { RuleUse } from '../../compiler/lint/rule-use.ts'
import { ruleNeverUsed } from '../../compiler/lint/rules/rule-never-used.ts'
import { documents, policy } from '../explain/manifests.ts'
import { findingsOf } from './told.ts'

const DAYS = 86_400

const on = (node: string, name: string, address: string) =>
  `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, namespace: shop}, spec: {nodeName: ${node}, containers: [{name: main}]}, status: {podIP: ${address}}}`

const TEXT = documents(
  on('node-1', 'one', '10.244.1.1'),
  on('node-2', 'two', '10.244.2.1'),
  policy('shop/db', '{podSelector: {}, ingress: [{ports: [{port: 80}]}, {ports: [{port: 81}]}]}'),
)

const use = (rule: string, some: Partial<RuleUse> = {}): RuleUse => ({
  policy: 'shop/db',
  rule,
  use: 'never',
  packets: 0,
  age: 9 * DAYS,
  also: [],
  ...some,
})

const told = (...nodes: readonly (readonly RuleUse[])[]) => {
  const ruleUse = nodes.map((rules, index) => ({ node: `node-${index + 1}`, rules }))
  return findingsOf(TEXT, [ruleNeverUsed], true, ruleUse).map(({ object, message }) => `${object}: ${message}`)
}

const both = [use('ingress[0]'), use('ingress[1]', { use: 'used' })]

test('a rule that no node has seen used for a week, by the shortest watch', () => {
  expect(told(both, [use('ingress[0]', { age: 8.5 * DAYS }), use('ingress[1]')])).toEqual([
    'NetworkPolicy shop/db: ingress[0]: no connection has used it for 8 days, on all 2 nodes of its pods',
  ])
})

test.each<readonly [string, readonly (readonly RuleUse[])[]]>([
  ['a node has seen it used', [both, [use('ingress[0]', { use: 'used' })]]],
  ['a node cannot tell', [both, [use('ingress[0]', { use: 'not known', also: ['shop/other ingress[0]'] })]]],
  ['a node has watched for less than a week', [both, [use('ingress[0]', { age: 6.9 * DAYS })]]],
  ['a node of its pods has not answered', [both]],
  ['a node does not have it yet', [both, []]],
])('not where %s', (_, nodes) => {
  expect(told(...nodes)).toEqual([])
})

test('nothing is said where nobody was asked', () => {
  expect(findingsOf(TEXT, [ruleNeverUsed], true)).toEqual([])
})
