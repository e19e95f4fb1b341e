import { expect, test } from 'vitest'
import { peersOrNotAnd } from '../../compiler/lint/rules/peers-or-not-and.ts'
import { documents, namespace, policy, workload } from '../explain/manifests.ts'
import { told } from './told.ts'

test('the pods are in those namespaces, too', () => {
  expect(
    told(
      peersOrNotAnd,
      documents(
        workload('shop/web'),
        namespace('monitoring', '{team: ops}'),
        workload('monitoring/web'),
        policy(
          'shop/p',
          '{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}, {namespaceSelector: {matchLabels: {team: ops}}}]}]}',
        ),
      ),
    ),
  ).toEqual([
    'NetworkPolicy shop/p: ingress[0]: from[0] and from[1] mean OR: these pods of shop, and every pod of those namespaces',
  ])
})

test('in the other order', () => {
  expect(
    told(
      peersOrNotAnd,
      documents(
        namespace('monitoring', '{team: ops}'),
        workload('monitoring/web'),
        policy(
          'shop/p',
          '{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: ops}}}, {podSelector: {matchLabels: {app: web}}}]}]}',
        ),
      ),
    ),
  ).toEqual([
    'NetworkPolicy shop/p: ingress[0]: from[0] and from[1] mean OR: these pods of shop, and every pod of those namespaces',
  ])
})

test('where the policy’s namespace is one of them, the podSelector says nothing', () => {
  expect(
    told(
      peersOrNotAnd,
      documents(
        workload('shop/web'),
        namespace('shop', '{team: ops}'),
        policy(
          'shop/p',
          '{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}, {namespaceSelector: {matchLabels: {team: ops}}}]}]}',
        ),
      ),
    ),
  ).toEqual([
    'NetworkPolicy shop/p: ingress[0]: from[0] and from[1] mean OR: these pods of shop, and every pod of those namespaces',
  ])
})

test('without pods, nobody knows', () => {
  expect(
    told(
      peersOrNotAnd,
      documents(
        policy(
          'shop/p',
          '{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}, {namespaceSelector: {matchLabels: {team: ops}}}]}]}',
        ),
      ),
    ),
  ).toEqual([
    'NetworkPolicy shop/p: ingress[0]: from[0] and from[1] mean OR: these pods of shop, and every pod of those namespaces',
  ])
})

test('the pods are here only: surely OR', () => {
  expect(
    told(
      peersOrNotAnd,
      documents(
        workload('shop/web'),
        namespace('monitoring', '{team: ops}'),
        workload('monitoring/agent'),
        policy(
          'shop/p',
          '{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}, {namespaceSelector: {matchLabels: {team: ops}}}]}]}',
        ),
      ),
    ),
  ).toEqual([])
})

test('both in one peer', () => {
  expect(
    told(
      peersOrNotAnd,
      documents(
        workload('shop/web'),
        policy(
          'shop/p',
          '{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: ops}}, podSelector: {matchLabels: {app: web}}}]}]}',
        ),
      ),
    ),
  ).toEqual([])
})

test('two namespaces, two selectors for pods, every pod of the own namespace', () => {
  expect(
    told(
      peersOrNotAnd,
      documents(
        policy(
          'shop/p',
          '{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}, {namespaceSelector: {matchLabels: {team: ops}}}]}]}',
        ),
        policy(
          'shop/q',
          '{podSelector: {}, ingress: [{from: [{podSelector: {}}, {namespaceSelector: {matchLabels: {team: ops}}}]}]}',
        ),
      ),
    ),
  ).toEqual([])
})
