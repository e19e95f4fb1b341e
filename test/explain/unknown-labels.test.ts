import { expect, test } from 'vitest'
import { askText } from './ask-case.ts'
import { documents, policy, service, workload } from './manifests.ts'

const SELECTED = '{podSelector: {matchLabels: {app: db, pod-template-hash: 7f9c}}, policyTypes: [Ingress]}'
const FROM_HASH = (label: string) =>
  `{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}, matchExpressions: [${label}]}}]}]}`
const IN = '{key: pod-template-hash, operator: In, values: [7f9c]}'
const ENDS = [workload('shop/web'), workload('shop/db')]

test('whether a policy on the hash of a template selects the pod cannot be told from files', () => {
  const { exit, text } = askText(documents(...ENDS, policy('shop/p', SELECTED)), 'web', 'db', '5432')
  expect(exit).toBe(2)
  expect(text).toContain('label pod-template-hash of shop/db cannot be told from files')
})

test('whether a rule on the hash of a template is for the pod cannot be told from files', () => {
  const { exit, text } = askText(documents(...ENDS, policy('shop/p', FROM_HASH(IN))), 'web', 'db', '5432')
  expect(exit).toBe(2)
  expect(text).toContain('label pod-template-hash of shop/web cannot be told from files')
  expect(text).not.toContain('has no label')
})

test('a policy of both ends by their hashes, which need not be equal', () => {
  const both = `{podSelector: {matchLabels: {pod-template-hash: a}}, ingress: [{from: [{podSelector: {matchExpressions: [${IN}]}}]}]}`
  expect(askText(documents(...ENDS, policy('shop/p', both)), 'web', 'db', '5432').exit).toBe(2)
})

test('the answer stands where the label changes nothing, and what is not known of it is said', () => {
  const closed = policy('shop/closed', '{podSelector: {}, policyTypes: [Ingress]}')
  const denied = askText(documents(...ENDS, closed, policy('shop/p', SELECTED)), 'web', 'db', '5432')
  expect(denied.exit).toBe(1)
  expect(denied.text).toContain(
    'note: the value of label pod-template-hash of shop/db cannot be told from files; the answer is the same whatever it is',
  )
  const open = policy('shop/open', '{podSelector: {}, ingress: [{}]}')
  expect(askText(documents(...ENDS, open, policy('shop/p', SELECTED)), 'web', 'db', '5432').exit).toBe(0)
})

test('a rule that misses for another reason does not say that the label is missing', () => {
  const elsewhere = `{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: x}}, podSelector: {matchExpressions: [${IN}]}}]}]}`
  const { exit, text } = askText(documents(...ENDS, policy('shop/p', elsewhere)), 'web', 'db', '5432')
  expect(exit).toBe(1)
  expect(text).toContain('whether shop/web has the label pod-template-hash=7f9c cannot be told from files')
  expect(text).not.toContain('shop/web has no label')
})

test.each([
  ['Exists', 0],
  ['DoesNotExist', 1],
] as const)('the pod has the label, whatever its value: %s', (operator, exit) => {
  const rule = FROM_HASH(`{key: pod-template-hash, operator: ${operator}}`)
  expect(askText(documents(...ENDS, policy('shop/p', rule)), 'web', 'db', '5432').exit).toBe(exit)
})

test('whether a Service leads to the pod cannot be told from files', () => {
  const svc = service('shop/live', '{selector: {app: db, pod-template-hash: 7f9c}, ports: [{port: 5432}]}')
  const { exit, text } = askText(documents(...ENDS, svc), 'web', 'svc/live', '5432')
  expect(exit).toBe(2)
  expect(text).toContain('label pod-template-hash of shop/db cannot be told from files')
})

test('a label of other pods than the ends changes nothing and is not spoken of', () => {
  const other = policy('shop/p', '{podSelector: {matchLabels: {app: other, pod-template-hash: 7f9c}}}')
  const { exit, text } = askText(documents(...ENDS, workload('shop/other'), other), 'web', 'db', '5432')
  expect(exit).toBe(0)
  expect(text).not.toContain('cannot be told')
})

test('more values than can be gone through are no answer', () => {
  const values = Array.from({ length: 100 }, (_, index) => `v${index}`).join(', ')
  const rule = FROM_HASH(`{key: pod-template-hash, operator: NotIn, values: [${values}]}`)
  expect(askText(documents(...ENDS, policy('shop/p', rule)), 'web', 'db', '5432').exit).toBe(2)
})
