import { expect, test } from 'vitest'
import { allowAllUndoesDeny } from '../../compiler/lint/rules/allow-all-undoes-deny.ts'
import { documents, policy, workload } from '../explain/manifests.ts'
import { told } from './told.ts'

test('a policy that allows everything leaves nothing of a narrower one', () => {
  expect(
    told(
      allowAllUndoesDeny,
      documents(
        workload('shop/web'),
        policy('shop/narrow', '{podSelector: {}, ingress: [{ports: [{port: 80}]}]}'),
        policy('shop/open', '{podSelector: {matchLabels: {app: web}}, ingress: [{}]}'),
      ),
    ),
  ).toEqual([
    'NetworkPolicy shop/open: ingress[0]: allows every ingress of shop/web, which shop/narrow restricts: nothing is left of that',
  ])
})

test('all closed, and some opened again, is a habit', () => {
  expect(
    told(
      allowAllUndoesDeny,
      documents(
        workload('shop/web'),
        workload('shop/api'),
        policy('shop/all', '{podSelector: {}}'),
        policy('shop/open', '{podSelector: {matchLabels: {app: web}}, ingress: [{}]}'),
      ),
    ),
  ).toEqual([])
})

test('but not where nothing stays closed', () => {
  expect(
    told(
      allowAllUndoesDeny,
      documents(
        workload('shop/web'),
        policy('shop/all', '{podSelector: {}}'),
        policy('shop/open', '{podSelector: {matchLabels: {app: web}}, ingress: [{}]}'),
      ),
    ),
  ).toEqual([
    'NetworkPolicy shop/open: ingress[0]: allows every ingress of shop/web, which shop/all restricts: nothing is left of that',
  ])
})

test('two that allow everything undo nothing', () => {
  expect(
    told(
      allowAllUndoesDeny,
      documents(
        workload('shop/web'),
        policy('shop/open', '{podSelector: {matchLabels: {app: web}}, ingress: [{}]}'),
        policy('shop/too', '{podSelector: {}, ingress: [{from: [], ports: null}]}'),
      ),
    ),
  ).toEqual([])
})

test('other pods, another namespace, the other direction', () => {
  expect(
    told(
      allowAllUndoesDeny,
      documents(
        workload('shop/web'),
        workload('shop/api'),
        workload('ops/web'),
        policy('shop/open', '{podSelector: {matchLabels: {app: web}}, ingress: [{}]}'),
        policy('shop/api', '{podSelector: {matchLabels: {app: api}}}'),
        policy('ops/web', '{podSelector: {}}'),
        policy('shop/egress', '{podSelector: {}, policyTypes: [Egress]}'),
      ),
    ),
  ).toEqual([])
})

test('all ports of everyone of a namespace is not everything', () => {
  expect(
    told(
      allowAllUndoesDeny,
      documents(
        workload('shop/web'),
        policy('shop/narrow', '{podSelector: {}, ingress: [{ports: [{port: 80}]}]}'),
        policy('shop/wide', '{podSelector: {}, ingress: [{from: [{podSelector: {}}]}, {ports: [{protocol: TCP}]}]}'),
      ),
    ),
  ).toEqual([])
})
