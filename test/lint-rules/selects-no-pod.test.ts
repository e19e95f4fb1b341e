import { expect, test } from 'vitest'
import { selectsNoPod } from '../../compiler/lint/rules/selects-no-pod.ts'
import { documents, pod, policy, workload } from '../explain/manifests.ts'
import { told, toldBy } from './told.ts'

test('a misspelt label', () => {
  expect(
    told(selectsNoPod, documents(workload('shop/web'), policy('shop/p', '{podSelector: {matchLabels: {app: wep}}}'))),
  ).toEqual(['NetworkPolicy shop/p: namespace shop has no pod with app=wep: the policy does nothing'])
})

test('the wrong namespace', () => {
  expect(told(selectsNoPod, documents(workload('ops/web'), policy('shop/p', '{podSelector: {}}')))).toEqual([
    'NetworkPolicy shop/p: namespace shop has no pod: the policy does nothing, unless its pods are not in the input',
  ])
})

test('host-network pods are not governed', () => {
  expect(
    told(
      selectsNoPod,
      documents(
        workload('shop/agent', { hostNetwork: true }),
        policy('shop/p', '{podSelector: {matchLabels: {app: agent}}}'),
      ),
    ),
  ).toEqual(['NetworkPolicy shop/p: namespace shop has no pod with app=agent: the policy does nothing'])
})

test('a pod, also one without an address', () => {
  expect(
    told(selectsNoPod, documents(pod('shop/web', ''), policy('shop/p', '{podSelector: {matchLabels: {app: web}}}'))),
  ).toEqual([])
})

test('a Job that is done comes again', () => {
  expect(
    told(
      selectsNoPod,
      documents(
        pod('shop/job', '10.244.1.2', { phase: 'Succeeded' }),
        policy('shop/p', '{podSelector: {matchLabels: {app: job}}}'),
      ),
    ),
  ).toEqual([])
})

test('policies alone say nothing about pods', () => {
  expect(told(selectsNoPod, documents(policy('shop/p', '{podSelector: {matchLabels: {app: web}}}')))).toEqual([])
})

const CATALOG = (labels: string) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: catalog, namespace: models, labels: ${labels}}
spec: {template: {metadata: {labels: {app: catalog}}, spec: {containers: [{name: c}]}}}`
const FOR_SERVER = policy('models/p', '{podSelector: {matchLabels: {component: catalog-server}}}')

test('a label that is on the Deployment and not on its pods', () => {
  const hint =
    'the labels are on Deployment models/catalog and not on its pods: podSelector matches spec.template.metadata.labels'
  const message = 'namespace models has no pod with component=catalog-server: the policy does nothing'
  expect(toldBy(selectsNoPod, documents(CATALOG('{component: catalog-server}'), FOR_SERVER))).toEqual([
    `warning: NetworkPolicy models/p: ${message}; ${hint}`,
  ])
  expect(toldBy(selectsNoPod, documents(CATALOG('{component: other}'), FOR_SERVER))).toEqual([
    `warning: NetworkPolicy models/p: ${message}; compare podSelector with the labels of the pods`,
  ])
})

test('labels that pods of another namespace have', () => {
  const shown = toldBy(
    selectsNoPod,
    documents(
      workload('shop/web'),
      workload('edge/gate'),
      policy('shop/p', '{podSelector: {matchLabels: {app: gate}}}'),
    ),
  )
  expect(shown).toHaveLength(1)
  expect(shown[0]).toMatch(/^warning: .*; edge\/gate has these labels: is edge the policy's namespace\?$/)
})

test.each(['job-name', 'batch.kubernetes.io/job-name', 'pod-template-hash', 'apps.kubernetes.io/pod-index'])(
  'of files nobody can tell who has %s; of a live cluster one can',
  (label) => {
    const text = documents(workload('shop/web'), policy('shop/p', `{podSelector: {matchLabels: {${label}: x}}}`))
    expect(toldBy(selectsNoPod, text)).toEqual([
      `note: NetworkPolicy shop/p: whether namespace shop has a pod with ${label}=x cannot be told from files; ${label} is set when the pod is made: lint the live cluster to know`,
    ])
    expect(toldBy(selectsNoPod, text, true)).toEqual([expect.stringMatching(/^warning: .* has no pod with /)])
  },
)

test('that the pods of a CronJob have a name of a Job is certain, whatever it is', () => {
  const text = documents(
    'apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: dump, namespace: shop}\nspec: {jobTemplate: {spec: {template: {spec: {containers: [{name: c}]}}}}}',
    policy('shop/p', '{podSelector: {matchExpressions: [{key: job-name, operator: Exists}]}}'),
  )
  expect(told(selectsNoPod, text)).toEqual([])
})

test('where something in the input makes pods it is a note, with the reason', () => {
  const missing = policy('shop/p', '{podSelector: {matchLabels: {app: made}}}')
  expect(toldBy(selectsNoPod, documents(workload('shop/web'), ...operator({}), missing))[0]).toMatch(
    /^note: .*ClusterRole operator lets a program create workloads at run time/,
  )
  expect(toldBy(selectsNoPod, documents(workload('shop/web'), RESOURCE('shop'), missing))[0]).toMatch(
    /^note: .*Prometheus k8s may make pods at run time/,
  )
})

test.each([
  ['rights to read', operator({ verbs: ['get', 'list'] })],
  ['rights over Services', operator({ resources: ['services'] })],
  ['rights of people', operator({ subject: 'User' })],
  ['a role that is bound to nobody', operator({}).slice(0, 1)],
  ['a role bound in another namespace', operator({ bound: 'ops' })],
  ['a custom resource of another namespace', [RESOURCE('ops')]],
  [
    'a policy of another engine',
    ['apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: x, namespace: shop}'],
  ],
])('%s makes no pods', (_, objects) => {
  const missing = policy('shop/p', '{podSelector: {matchLabels: {app: made}}}')
  expect(toldBy(selectsNoPod, documents(workload('shop/web'), ...objects, missing))[0]).toMatch(/^warning: /)
})

function RESOURCE(namespace: string): string {
  return `apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: {name: k8s, namespace: ${namespace}}`
}

/** A ClusterRole that may create StatefulSets, and its binding. */
function operator({
  verbs = ['*'],
  resources = ['statefulsets'],
  subject = 'ServiceAccount',
  bound = '',
}: {
  readonly verbs?: readonly string[]
  readonly resources?: readonly string[]
  readonly subject?: string
  readonly bound?: string
}): readonly string[] {
  const apiVersion = 'rbac.authorization.k8s.io/v1'
  const where = bound === '' ? {} : { namespace: bound }
  return [
    JSON.stringify({
      apiVersion,
      kind: 'ClusterRole',
      metadata: { name: 'operator' },
      rules: [{ apiGroups: ['apps'], resources, verbs }],
    }),
    JSON.stringify({
      apiVersion,
      kind: bound === '' ? 'ClusterRoleBinding' : 'RoleBinding',
      metadata: { name: 'operator', ...where },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'operator' },
      subjects: [{ kind: subject, name: 'operator', namespace: 'ops' }],
    }),
  ]
}
