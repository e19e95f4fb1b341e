import { expect, test } from 'vitest'
import { selectsNoPod } from '../../compiler/lint/rules/selects-no-pod.ts'
import { findingsOf } from './told.ts'

const WEB = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web}]}}}
---
`
const policyWith = ({
  above = '',
  behind = '',
  annotations = '{}',
  app = 'wep',
}) => `${WEB}${above}apiVersion: networking.k8s.io/v1${behind}
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
  annotations: ${annotations}
spec: {podSelector: {matchLabels: {app: ${app}}}, policyTypes: [Ingress]}
`
const rulesOf = (text: string) => findingsOf(text).map(({ rule }) => rule)
const IGNORE = '# selvedge-ignore selects-no-pod'

test('a rule is silenced by a comment above or behind, or by an annotation', () => {
  expect(rulesOf(policyWith({}))).toEqual(['unprotected', 'selects-no-pod'])
  for (const how of [
    { above: `${IGNORE}\n` },
    { above: `${IGNORE}, unprotected-no\n\n# and more\n` },
    { behind: ` ${IGNORE}` },
    { annotations: '{selvedge.io/lint-ignore: selects-no-pod}' },
    { annotations: '{selvedge.io/lint-ignore: "selects-no-pod, rule-shadowed"}' },
  ]) {
    expect({ how, rules: rulesOf(policyWith(how)).includes('selects-no-pod') }).toEqual({ how, rules: false })
  }
})

test('only where it stands: another line, and another object, go on speaking', () => {
  const two = `${policyWith({ above: `${IGNORE}\n` })}---\n${policyWith({}).slice(WEB.length).replace('name: web', 'name: other')}`
  const found = findingsOf(two).filter(({ rule }) => rule === selectsNoPod.name)
  expect(found.map(({ object }) => object)).toEqual(['NetworkPolicy shop/other'])
})

test('a workload silences what is said of it', () => {
  const web = WEB.replace('namespace: shop}', 'namespace: shop, annotations: {selvedge.io/lint-ignore: unprotected}}')
  expect(rulesOf(policyWith({}).replace(WEB, web))).toEqual(['selects-no-pod'])
})

const replica = (name: string, rules: string) => `apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  namespace: shop
  labels: {app: web}
  annotations: {selvedge.io/lint-ignore: "${rules}"}
  ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: web, uid: u, controller: true}]
spec: {containers: [{name: web}]}
---
`

test('what the pods of one workload have is of one template: one of them is spoken of, and what is idle is told once', () => {
  const closed = 'kind: NetworkPolicy\napiVersion: networking.k8s.io/v1\nmetadata: {name: p, namespace: shop}\n'
  const others = `${WEB.replaceAll('web', 'db')}${closed}spec: {podSelector: {matchLabels: {app: db}}}\n`
  const replicas = (rules: string) => `${replica('web-0', rules)}${replica('web-1', rules)}`
  expect(rulesOf(`${replicas('')}${others}`)).toEqual(['unprotected'])
  expect(rulesOf(`${replicas('unprotected')}${others}`)).toEqual([])
  const idle = findingsOf(`${replicas('unprotected, rule-shadowed')}${others}`)
  expect(idle.map(({ object, message }) => [object, message])).toEqual([
    ['Pod shop/web-0', 'silences rule-shadowed, which has nothing to say here'],
  ])
})

test('what silences nothing is told, by comment and by annotation, with its place', () => {
  const idle = policyWith({ app: 'web', above: `${IGNORE}\n`, annotations: '{selvedge.io/lint-ignore: rule-shadowed}' })
  expect(findingsOf(idle).map(({ rule, severity, place, message }) => [rule, severity, place?.line, message])).toEqual([
    ['ignore-without-effect', 'warning', 6, 'silences selects-no-pod, which has nothing to say here'],
    ['ignore-without-effect', 'warning', 12, 'silences rule-shadowed, which has nothing to say here'],
  ])
})

test('so is a rule that there is not', () => {
  const [finding] = findingsOf(policyWith({ app: 'web', above: '# selvedge-ignore selects-no-pot\n' }))
  expect(finding).toMatchObject({
    rule: 'ignore-without-effect',
    message: 'silences selects-no-pot, and there is no such rule',
    hint: 'did you mean selects-no-pod?',
  })
})

test('rules that were not asked for are not missed', () => {
  expect(findingsOf(policyWith({ app: 'web', above: `${IGNORE}\n` }), [selectsNoPod])).toEqual([])
})
