import { expect, test } from 'vitest'
import { peerMatchesNothing } from '../../compiler/lint/rules/peer-matches-nothing.ts'
import { documents, namespace, policy, workload } from '../explain/manifests.ts'
import { told } from './told.ts'

test('no pod of its own namespace', () => {
  expect(
    told(
      peerMatchesNothing,
      documents(
        workload('shop/web'),
        policy('shop/p', '{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: wep}}}]}]}'),
      ),
    ),
  ).toEqual(['NetworkPolicy shop/p: ingress[0]: from[0] matches no pod with app=wep of namespace shop'])
})

test('a label that namespaces do not have', () => {
  expect(
    told(
      peerMatchesNothing,
      documents(
        workload('shop/web'),
        namespace('monitoring', '{team: ops}'),
        policy(
          'shop/p',
          '{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {name: monitoring}}}]}]}',
        ),
      ),
    ),
  ).toEqual(['NetworkPolicy shop/p: ingress[0]: from[0] matches no namespace: none has name=monitoring'])
})

test('a name that is nearly one', () => {
  expect(
    told(
      peerMatchesNothing,
      documents(
        workload('shop/web'),
        workload('monitoring/agent'),
        policy(
          'shop/p',
          '{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitorin}}}]}]}',
        ),
      ),
    ),
  ).toEqual([
    'NetworkPolicy shop/p: ingress[0]: from[0] matches no namespace: none has kubernetes.io/metadata.name=monitorin',
  ])
})

test('pods of a namespace that is here', () => {
  expect(
    told(
      peerMatchesNothing,
      documents(
        workload('shop/web'),
        workload('monitoring/agent'),
        policy(
          'shop/p',
          '{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}, podSelector: {matchLabels: {app: x}}}]}]}',
        ),
      ),
    ),
  ).toEqual(['NetworkPolicy shop/p: ingress[0]: from[0] matches no pod with app=x of the namespaces that it selects'])
})

test('a namespace that is written somewhere else', () => {
  expect(
    told(
      peerMatchesNothing,
      documents(
        workload('shop/web'),
        namespace('monitoring', '{team: ops}'),
        policy(
          'shop/p',
          '{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}]}]}',
        ),
      ),
    ),
  ).toEqual([])
})

test('of a live cluster it would be here', () => {
  expect(
    told(
      peerMatchesNothing,
      documents(
        workload('shop/web'),
        namespace('monitoring', '{team: ops}'),
        policy(
          'shop/p',
          '{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}]}]}',
        ),
      ),
      true,
    ),
  ).toEqual([
    'NetworkPolicy shop/p: ingress[0]: from[0] matches no namespace: none has kubernetes.io/metadata.name=kube-system',
  ])
})

test('labels of namespaces that no document declares', () => {
  expect(
    told(
      peerMatchesNothing,
      documents(
        workload('shop/web'),
        policy('shop/p', '{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: ops}}}]}]}'),
      ),
    ),
  ).toEqual([])
})

test('a declared namespace whose pods are written somewhere else', () => {
  expect(
    told(
      peerMatchesNothing,
      documents(
        workload('shop/web'),
        namespace('monitoring', '{team: ops}'),
        policy('shop/p', '{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: ops}}}]}]}'),
      ),
    ),
  ).toEqual([])
})

test('no pods at all say nothing', () => {
  expect(
    told(
      peerMatchesNothing,
      documents(
        namespace('monitoring', '{team: ops}'),
        policy('shop/p', '{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: wep}}}]}]}'),
      ),
    ),
  ).toEqual([])
})

test('a peer that matches, and a block', () => {
  expect(
    told(
      peerMatchesNothing,
      documents(
        workload('shop/web'),
        policy(
          'shop/p',
          '{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}, {ipBlock: {cidr: 192.0.2.0/24}}]}]}',
        ),
      ),
    ),
  ).toEqual([])
})
