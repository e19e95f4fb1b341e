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

const fromOther = (name: string) =>
  policy(
    'shop/p',
    `{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ${name}}}, podSelector: {matchLabels: {app: prometheus}}}]}]}`,
  )
const NO_PROMETHEUS = 'ingress[0]: from[0] matches no pod with app=prometheus of the namespaces that it selects'

test('pods of another namespace, of which the input says that it is its own', () => {
  const input = documents(
    workload('shop/web'),
    namespace('monitoring'),
    workload('monitoring/agent'),
    fromOther('monitoring'),
  )
  expect(toldBy(peerMatchesNothing, input)).toEqual([
    `warning: NetworkPolicy shop/p: ${NO_PROMETHEUS}; compare it with the labels of the pods`,
  ])
})

test('others may have pods in a namespace that this input only puts some into', () => {
  const input = documents(workload('shop/web'), workload('monitoring/agent'), fromOther('monitoring'))
  expect(toldBy(peerMatchesNothing, input)).toEqual([
    `note: NetworkPolicy shop/p: ${NO_PROMETHEUS}, unless others have pods there; compare it with the labels of the pods`,
  ])
  expect(toldBy(peerMatchesNothing, input, true)).toEqual([expect.stringMatching(/^warning: /)])
})

test('what runs in kube-system is in few repositories', () => {
  const input = documents(
    workload('shop/web'),
    namespace('kube-system'),
    workload('kube-system/sealed-secrets'),
    fromOther('kube-system'),
  )
  expect(told(peerMatchesNothing, input)).toEqual([])
  expect(told(peerMatchesNothing, input, true)).toHaveLength(1)
})

test('a label of a namespace, or of its pods, of which the key is misspelt', () => {
  const peers = [
    '{namespaceSelector: {matchLabels: {taem: ops}}}',
    '{podSelector: {matchLabels: {ap: web}}}',
    // Another value is no slip of the key.
    '{namespaceSelector: {matchLabels: {taem: shop}}}',
  ]
  const input = documents(
    workload('shop/web'),
    namespace('monitoring', '{team: ops}'),
    policy('shop/p', `{podSelector: {}, ingress: [{from: [${peers.join(', ')}]}]}`),
  )
  expect(toldBy(peerMatchesNothing, input)).toEqual([
    'warning: NetworkPolicy shop/p: ingress[0]: from[0] matches no namespace: none has taem=ops; did you mean team=ops?',
    'warning: NetworkPolicy shop/p: ingress[0]: from[1] matches no pod with ap=web of namespace shop; did you mean app=web?',
  ])
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
    'note: NetworkPolicy shop/p: ingress[0]: from[0] matches no pod with app=gate of namespace shop, as far as files tell: Gate main may make pods at run time; lint the live cluster to know',
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

const fromLabelled = (labels: string) =>
  policy('shop/p', `{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: ${labels}}}]}]}`)

test.each([
  ['another label', '{part-of: profile}'],
  ['another value', '{team: edge}'],
  ['another of one sort', '{team: shop2}'],
])('%s than those of the namespaces here: others may be made at any time', (_, labels) => {
  const input = documents(namespace('shop', '{team: shop}'), workload('shop/web'), fromLabelled(labels))
  expect(told(peerMatchesNothing, input)).toEqual([])
  expect(told(peerMatchesNothing, input, true)).toHaveLength(1)
})

test('a label that is nearly one of those of the namespaces here', () => {
  const input = documents(namespace('shop', '{team: retail}'), workload('shop/web'), fromLabelled('{team: retial}'))
  expect(toldBy(peerMatchesNothing, input)).toEqual([
    'warning: NetworkPolicy shop/p: ingress[0]: from[0] matches no namespace: none has team=retial; did you mean team=retail?',
  ])
})

test('a name that is another one of one sort', () => {
  const named = fromLabelled('{kubernetes.io/metadata.name: team-b}')
  expect(told(peerMatchesNothing, documents(workload('shop/web'), workload('team-a/web'), named))).toEqual([])
})

test('all that one operator may make is one note a namespace', () => {
  const made = 'apiVersion: example.com/v1\nkind: Gate\nmetadata: {name: main, namespace: shop}'
  const two = policy(
    'shop/p',
    '{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: gate}}}, {podSelector: {matchLabels: {app: till}}}]}]}',
  )
  expect(told(peerMatchesNothing, documents(workload('shop/web'), made, two))).toEqual([
    'NetworkPolicy shop/p: ingress[0]: from[0] matches no pod with app=gate of namespace shop, as far as files tell: Gate main may make pods at run time, and so with one more peer',
  ])
})

test('a slip of the pen, and a custom resource that writes the labels of its pods', () => {
  const spec = '{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: wep}}}]}]}'
  const made = (labels: string) =>
    `apiVersion: example.com/v1\nkind: Gate\nmetadata: {name: main, namespace: shop}\nspec: {podMetadata: {labels: ${labels}}}`
  const input = (labels: string) => documents(workload('shop/web'), made(labels), policy('shop/p', spec))
  expect(toldBy(peerMatchesNothing, input('{app: gate}'))).toEqual([
    expect.stringMatching(/^note: .*; did you mean app=web\?$/),
  ])
  expect(told(peerMatchesNothing, input('{app: wep}'))).toEqual([])
})
