import { expect, test } from 'vitest'
import { peerSwallowed } from '../../compiler/lint/rules/peer-swallowed.ts'
import { documents, policy, workload } from '../explain/manifests.ts'
import { told } from './told.ts'

const WITHOUT_BATCH = '{podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [batch]}]}}'
const from = (...peers: readonly string[]) =>
  documents(workload('shop/web'), policy('shop/p', `{podSelector: {}, ingress: [{from: [${peers.join(', ')}]}]}`))

test('a NotIn beside everybody', () => {
  expect(told(peerSwallowed, from(WITHOUT_BATCH, '{podSelector: {}}'))).toEqual([
    'NetworkPolicy shop/p: ingress[0]: from[0] leaves out app=batch, and from[1] lets it in',
  ])
  expect(told(peerSwallowed, from('{namespaceSelector: {}}', WITHOUT_BATCH))).toHaveLength(1)
})

test('a namespace that is left out, beside all of them', () => {
  const other = '{namespaceSelector: {matchExpressions: [{key: team, operator: DoesNotExist}]}}'
  expect(told(peerSwallowed, from('{namespaceSelector: {}}', other))).toEqual([
    'NetworkPolicy shop/p: ingress[0]: from[1] leaves out team, and from[0] lets it in',
  ])
})

test.each([
  ['alone', [WITHOUT_BATCH]],
  ['beside others', [WITHOUT_BATCH, '{podSelector: {matchLabels: {app: web}}}']],
  ['beside a block', [WITHOUT_BATCH, '{ipBlock: {cidr: 0.0.0.0/0}}']],
  ['beside pods of other namespaces', [WITHOUT_BATCH, '{namespaceSelector: {matchLabels: {team: ops}}}']],
  ['two that leave out', [WITHOUT_BATCH, WITHOUT_BATCH.replace('batch', 'cron')]],
])('%s it keeps out whom it names', (_, peers) => {
  expect(told(peerSwallowed, from(...peers))).toEqual([])
})
