import { expect, test } from 'vitest'
import { ruleSplitInTwo } from '../../compiler/lint/rules/rule-split-in-two.ts'
import { documents, policy, workload } from '../explain/manifests.ts'
import { toldBy } from './told.ts'

const WEB = workload('shop/web', { ports: ['http:8080'] })
const rules = (direction: 'ingress' | 'egress', list: string) =>
  policy(
    'shop/p',
    `{podSelector: {}, policyTypes: [${direction === 'ingress' ? 'Ingress' : 'Egress'}], ${direction}: [${list}]}`,
  )
const PEERS = '{podSelector: {matchLabels: {app: web}}}'

test('all the ports that the pods have, for everybody', () => {
  expect(
    toldBy(ruleSplitInTwo, documents(WEB, rules('ingress', `{from: [${PEERS}]}, {ports: [{port: http}]}`))),
  ).toEqual([
    'warning: NetworkPolicy shop/p: ingress[0]: and ingress[1] are two rules: from these peers on every port, and from everybody on these ports; take away the dash before ports to have both in one rule',
  ])
  expect(
    toldBy(ruleSplitInTwo, documents(WEB, rules('egress', `{to: [${PEERS}]}, {ports: [{port: 8080}]}`))),
  ).toHaveLength(1)
})

test('pods that do not say what they have: a note', () => {
  const silent = workload('shop/web')
  expect(
    toldBy(ruleSplitInTwo, documents(silent, rules('ingress', `{from: [${PEERS}]}, {ports: [{port: 80}]}`)))[0],
  ).toMatch(/^note: /)
})

test.each([
  ['one rule', WEB, rules('ingress', `{from: [${PEERS}], ports: [{port: 8080}]}`)],
  ['ports first', WEB, rules('ingress', `{ports: [{port: 8080}]}, {from: [${PEERS}]}`)],
  [
    'pods with more ports',
    workload('shop/web', { ports: ['8080', '9090'] }),
    rules('ingress', `{from: [${PEERS}]}, {ports: [{port: 8080}]}`),
  ],
  ['DNS beside', WEB, rules('egress', `{to: [${PEERS}]}, {ports: [{port: 53, protocol: UDP}, {port: 53}]}`)],
  ['the internet beside', WEB, rules('egress', `{to: [${PEERS}]}, {ports: [{port: 443}]}`)],
])('%s is no finding', (_, pods, policies) => {
  expect(toldBy(ruleSplitInTwo, documents(pods, policies))).toEqual([])
})
