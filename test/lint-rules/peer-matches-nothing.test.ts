import { expect, test } from 'vitest'
import { peerMatchesNothing } from '../../compiler/lint/rules/peer-matches-nothing.ts'
import { documents, namespace, policy, workload } from '../explain/manifests.ts'
import { told, toldBy } from './told.ts'

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

const FROM_GATE = policy('shop/p', '{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: gate}}}]}]}')

test('labels that pods of another namespace have', () => {
  expect(toldBy(peerMatchesNothing, documents(workload('shop/web'), workload('edge/gate'), FROM_GATE))).toEqual([
    'warning: NetworkPolicy shop/p: ingress[0]: from[0] matches no pod with app=gate of namespace shop; edge/gate has these labels: add a namespaceSelector for edge',
  ])
})

test('pods that a custom resource makes', () => {
  const made = 'apiVersion: example.com/v1\nkind: Gate\nmetadata: {name: main, namespace: shop}'
  expect(toldBy(peerMatchesNothing, documents(workload('shop/web'), made, FROM_GATE))).toEqual([
    'note: NetworkPolicy shop/p: ingress[0]: from[0] matches no pod with app=gate of namespace shop, as far as files tell: Gate main may make pods at run time; compare it with the labels of the pods',
  ])
})

test('of labels that controllers add no file says the value', () => {
  const peer = "{app: web, controller-revision-hash: '1'}"
  expect(
    told(
      peerMatchesNothing,
      documents(
        workload('shop/web', { kind: 'StatefulSet' }),
        policy('shop/p', `{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: ${peer}}}]}]}`),
      ),
    ),
  ).toEqual([
    'NetworkPolicy shop/p: ingress[0]: from[0] asks for app=web, controller-revision-hash=1: which pods it matches cannot be told from files',
  ])
})

test('labels of a namespace that may be declared somewhere else', () => {
  const peer = '{namespaceSelector: {matchLabels: {team: edge}}}'
  expect(
    toldBy(
      peerMatchesNothing,
      documents(
        namespace('shop', '{team: shop}'),
        workload('shop/web'),
        policy('shop/p', `{podSelector: {}, ingress: [{from: [${peer}]}]}`),
      ),
    )[0],
  ).toMatch(/^note: .*matches no namespace: none has team=edge, of those that the input declares/)
})
