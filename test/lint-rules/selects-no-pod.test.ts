import { expect, test } from 'vitest'
import { selectsNoPod } from '../../compiler/lint/rules/selects-no-pod.ts'
import { documents, pod, policy, workload } from '../explain/manifests.ts'
import { told, toldBy } from './told.ts'

test('a misspelt label', () => {
  expect(
    told(selectsNoPod, documents(workload('shop/web'), policy('shop/p', '{podSelector: {matchLabels: {app: wep}}}'))),
  ).toEqual(['NetworkPolicy shop/p: namespace shop has no pod with app=wep: the policy does nothing'])
})

test.each([
  ['cart-db', 'carts-db', 'did you mean app=cart-db?'],
  ['web', 'wep', 'did you mean app=web?'],
  // Two of one sort, and words that are no slips of each other.
  ['web1', 'web2', 'compare podSelector with the labels of the pods'],
  ['rook-mgr', 'rook-mon', 'compare podSelector with the labels of the pods'],
])('of a pod with app=%s, app=%s asks: %s', (own, asked, hint) => {
  const input = documents(workload(`shop/${own}`), policy('shop/p', `{podSelector: {matchLabels: {app: ${asked}}}}`))
  expect(toldBy(selectsNoPod, input)).toEqual([expect.stringMatching(new RegExp(`; ${hint.replace('?', '\\?')}$`))])
})

test.each([
  ['{ap: web}', 'did you mean app=web?'],
  ['{app: web, teir: front}', 'did you mean tier=front?'],
  // Of another value, of a pod that has not the rest, and a key that is none of them.
  ['{ap: wed}', 'compare podSelector with the labels of the pods'],
  ['{app: api, teir: front}', 'compare podSelector with the labels of the pods'],
  ['{role: web}', 'compare podSelector with the labels of the pods'],
])('of a pod with app=web and tier=front, %s asks: %s', (labels, hint) => {
  const web = pod('shop/web', '10.244.1.2', { labels: { app: 'web', tier: 'front' } })
  const input = documents(web, policy('shop/p', `{podSelector: {matchLabels: ${labels}}}`))
  expect(toldBy(selectsNoPod, input).map((one) => one.split('; ').at(-1))).toEqual([hint])
})

test('a namespace that was left out', () => {
  const forgotten = policy('', '{podSelector: {matchLabels: {app: web}}}').replace('namespace: , name: ', 'name: p')
  const everybody = forgotten.replace('{matchLabels: {app: web}}', '{}')
  const message = 'the policy does nothing'
  expect(toldBy(selectsNoPod, documents(workload('ops/web'), forgotten))).toEqual([
    `warning: NetworkPolicy default/p: namespace default has no pod with app=web: ${message}; ops/web has these labels: is ops the policy's namespace?`,
  ])
  expect(toldBy(selectsNoPod, documents(workload('ops/web'), everybody))).toEqual([
    `warning: NetworkPolicy default/p: namespace default has no pod: ${message}; pods are in ops: is ops the policy's namespace?`,
  ])
})

test.each([
  [['kube-system/dns', 'production/web'], "pods are in production: is production the policy's namespace?"],
  [['b/web', 'kube-system/dns', 'a/web'], "pods are in a and b: which is the policy's namespace?"],
  [
    'fgedcba'.split('').map((name) => `${name}/web`),
    "pods are in a, b, c, d, e and 2 more: which is the policy's namespace?",
  ],
  [['kube-system/dns'], 'is it the right namespace?'],
])('a namespace that was left out, of a policy for every pod, among %j', (pods, hint) => {
  const everybody = policy('', '{podSelector: {}}').replace('namespace: , name: ', 'name: p')
  expect(toldBy(selectsNoPod, documents(...pods.map((path) => workload(path)), everybody))).toEqual([
    `warning: NetworkPolicy default/p: namespace default has no pod: the policy does nothing; ${hint}`,
  ])
})

test('a label that pods of the system have, too', () => {
  const forgotten = policy('', '{podSelector: {matchLabels: {app: web}}}').replace('namespace: , name: ', 'name: p')
  const hint = (...pods: readonly string[]) =>
    toldBy(selectsNoPod, documents(...pods.map((path) => workload(path)), forgotten)).map((one) => one.split('; ')[1])
  expect(hint('kube-system/web', 'ops/web')).toEqual(["ops/web has these labels: is ops the policy's namespace?"])
  expect(hint('kube-system/web')).toEqual(["kube-system/web has these labels: is kube-system the policy's namespace?"])
})

test('a namespace that is misspelt', () => {
  const input = documents(workload('kubeflow/web'), policy('kubflow/p', '{podSelector: {matchLabels: {app: web}}}'))
  expect(toldBy(selectsNoPod, input)).toEqual([
    'warning: NetworkPolicy kubflow/p: namespace kubflow has no pod with app=web: the policy does nothing; did you mean namespace kubeflow?',
  ])
})

test.each([
  ['a baseline', '{podSelector: {}}'],
  ['a label that many have', '{podSelector: {matchLabels: {app: web}}}'],
])('%s for a namespace whose pods are written somewhere else', (_, spec) => {
  expect(told(selectsNoPod, documents(workload('ops/web'), policy('shop/p', spec)))).toEqual([])
  expect(told(selectsNoPod, documents(workload('ops/web'), policy('shop/p', spec)), true)).toHaveLength(1)
  expect(told(selectsNoPod, documents(workload('team-a/web'), policy('team-b/p', spec)))).toEqual([])
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
  expect(toldBy(selectsNoPod, documents(workload('shop/web'), BOUND_TO_BUILT_IN, missing))[0]).toMatch(
    /^note: .*ClusterRole cluster-admin lets a program create workloads at run time; lint the live cluster to know$/,
  )
})

test('all that one operator may make is one note a namespace', () => {
  const three = ['a', 'b', 'c'].map((name) =>
    policy(`shop/${name}`, `{podSelector: {matchLabels: {app: made-${name}}}}`),
  )
  expect(toldBy(selectsNoPod, documents(workload('shop/web'), ...operator({}), ...three))).toEqual([
    'note: NetworkPolicy shop/a: namespace shop has no pod with app=made-a: the policy does nothing, as far as files tell: ClusterRole operator lets a program create workloads at run time, and so with 2 more policies; lint the live cluster to know',
  ])
  expect(told(selectsNoPod, documents(workload('shop/web'), ...operator({}), ...three.slice(1)))).toEqual([
    expect.stringMatching(/run time, and so with one more policy$/),
  ])
  expect(
    told(selectsNoPod, documents(workload('shop/web'), workload('ops/web'), ...operator({}), ...three, OPS_MADE)),
  ).toHaveLength(2)
})

test('a slip of the pen is told whatever an operator may make', () => {
  const slip = policy('shop/p', '{podSelector: {matchLabels: {app: wep}}}')
  expect(toldBy(selectsNoPod, documents(workload('shop/web'), ...operator({}), slip))).toEqual([
    'note: NetworkPolicy shop/p: namespace shop has no pod with app=wep: the policy does nothing; did you mean app=web?',
  ])
})

test.each(['{podMetadata: {labels: {app: made}}}', '{pools: [{template: {metadata: {labels: {app: made, x: y}}}}]}'])(
  'a custom resource that writes the labels of its pods: %s',
  (spec) => {
    const input = (namespace: string) =>
      documents(
        workload('shop/web'),
        `${RESOURCE(namespace)}\nspec: ${spec}`,
        policy('shop/p', '{podSelector: {matchLabels: {app: made}}}'),
      )
    expect(told(selectsNoPod, input('shop'))).toEqual([])
    expect(toldBy(selectsNoPod, input('ops'))).toEqual([expect.stringMatching(/^warning: /)])
  },
)

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

const OPS_MADE = policy('ops/p', '{podSelector: {matchLabels: {app: made}}}')

/** As Flux is installed: the role is of every cluster, and in no file. */
const BOUND_TO_BUILT_IN = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: reconciler}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{kind: ServiceAccount, name: operator, namespace: ops}]`

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
