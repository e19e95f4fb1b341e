import { fieldsOf, itemsOf, textOf, textsOf } from '../cluster/loose-fields.ts'
import type { Pod } from '../objects/objects.ts'
import { createSelector, type Selector } from '../objects/selector.ts'
import { matchesSelector } from '../selectors/matches-selector.ts'
import type { LintInput } from './lint-rule.ts'
import type { RawObject } from './raw-object.ts'

/** Labels that controllers give to pods at run time (core/v1, apps/v1, batch/v1 well-known labels): no file has them. */
const CONTROLLERS = new Set([
  'apps.kubernetes.io/pod-index',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-completion-index',
  'batch.kubernetes.io/job-name',
  'controller-revision-hash',
  'controller-uid',
  'job-name',
  'pod-template-generation',
  'pod-template-hash',
  'statefulset.kubernetes.io/pod-name',
])

/**
 * Of a selector that matches no pod: the labels in it for which files cannot tell that, as words. Undefined where they can.
 * `pods`: those in whose namespaces it looks; it asks of all of them only that they have a label, and one surely does: ''.
 */
export function untoldLabels(
  { complete }: LintInput,
  { requirements }: Selector,
  pods: readonly Pod[],
): string | undefined {
  const untold = requirements.filter(({ key }) => CONTROLLERS.has(key)).map(({ key }) => key)
  if (complete || untold.length === 0) return undefined
  const surely = pods.some(({ unknownLabels = [], labels }) =>
    requirements.every((one) =>
      unknownLabels.includes(one.key)
        ? one.operator === 'Exists'
        : matchesSelector(createSelector([one]), labels.labels),
    ),
  )
  return surely ? '' : [...new Set(untold)].join(', ')
}

export function untoldHint(labels: string): string {
  return `${labels} is set when the pod is made: lint the live cluster to know`
}

/** Something in the input that makes pods which the input does not list. */
interface Maker {
  /** undefined: in any namespace. */
  readonly namespace: string | undefined
  readonly reason: string
}

const known = new WeakMap<readonly RawObject[], readonly Maker[]>()

/** Why pods that the input does not list may come to be in one of these namespaces; undefined: nothing in it makes any. */
export function whyMorePods({ raw }: LintInput, namespaces: readonly string[]): string | undefined {
  let makers = known.get(raw)
  if (makers === undefined) known.set(raw, (makers = [...rolesThatMakePods(raw), ...raw.flatMap(customResource)]))
  return makers.find(({ namespace }) => namespace === undefined || namespaces.includes(namespace))?.reason
}

/** The workload whose own labels the selector matches, though its pods have others. */
export function workloadOfLabels(
  { raw }: LintInput,
  selector: Selector,
  namespaces: readonly string[],
): string | undefined {
  if (selector.key === '') return undefined
  const found = raw.find(({ kind, namespace, value }) => {
    if (!WORKLOADS.has(kind) || !namespaces.includes(namespace ?? 'default')) return false
    const labels = fieldsOf(fieldsOf(value, 'metadata'), 'labels')
    const own = Object.entries(labels).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
    return matchesSelector(selector, new Map(own))
  })
  return found && `${found.kind} ${found.namespace ?? 'default'}/${found.name}`
}

const WORKLOADS = new Set([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'ReplicationController',
  'Job',
  'CronJob',
])

const MADE = new Set([
  '*',
  'pods',
  'deployments',
  'statefulsets',
  'daemonsets',
  'replicasets',
  'replicationcontrollers',
  'jobs',
  'cronjobs',
])
const GROUPS = new Set(['', '*', 'apps', 'batch', 'extensions'])

/** Roles (rbac.authorization.k8s.io/v1) that let a service account create workloads, where it is bound to them. */
function rolesThatMakePods(raw: readonly RawObject[]): readonly Maker[] {
  const bindings = raw.filter(
    ({ kind, value }) =>
      ['RoleBinding', 'ClusterRoleBinding'].includes(kind) &&
      itemsOf(value, 'subjects').some((subject) => textOf(subject, 'kind') === 'ServiceAccount'),
  )
  return raw.flatMap(({ kind, name, namespace, value }): readonly Maker[] => {
    if (!['Role', 'ClusterRole'].includes(kind) || !itemsOf(value, 'rules').some(createsWorkloads)) return []
    return bindings.flatMap((binding): readonly Maker[] => {
      const role = fieldsOf(binding.value, 'roleRef')
      if (textOf(role, 'kind') !== kind || textOf(role, 'name') !== name) return []
      if (kind === 'Role' && namespace !== binding.namespace) return []
      const where = binding.kind === 'ClusterRoleBinding' ? undefined : binding.namespace
      return [{ namespace: where, reason: `${kind} ${name} lets a program create workloads at run time` }]
    })
  })
}

function createsWorkloads(rule: RawObject['value']): boolean {
  return (
    textsOf(rule, 'apiGroups').some((group) => GROUPS.has(group)) &&
    textsOf(rule, 'resources').some((resource) => MADE.has(resource)) &&
    textsOf(rule, 'verbs').some((verb) => verb === 'create' || verb === '*')
  )
}

/** Groups of the API server itself; each kind of theirs that makes pods is read. */
const OWN_GROUPS =
  /^(admissionregistration|apiextensions|apiregistration|authentication|authorization|certificates|coordination|discovery|events|flowcontrol\.apiserver|networking|node|rbac\.authorization|resource|scheduling|storage)\.k8s\.io$/

/** Kinds that only configure what runs already: policies of other engines, routes, what Prometheus scrapes, certificates. */
const MAKES_NO_PODS =
  /^((crd\.)?projectcalico\.org|cilium\.io|(policy|gateway)\.networking\.k8s\.io|kustomize\.config\.k8s\.io)\/|^monitoring\.coreos\.com\/\S+ (ServiceMonitor|PodMonitor|Probe|PrometheusRule|ScrapeConfig|AlertmanagerConfig)$|^cert-manager\.io\/\S+ (Certificate|Issuer|ClusterIssuer)$/

/** Kinds whose pods may stand in another namespace than they do themselves. */
const ELSEWHERE = new Set(['HelmRelease', 'HelmChart', 'Application', 'ApplicationSet'])

/** A custom resource is there for a program that makes something of it, pods perhaps. */
function customResource({ kind, name, namespace, value }: RawObject): readonly Maker[] {
  const version = textOf(value, 'apiVersion') ?? ''
  const group = version.split('/')[0] ?? ''
  if (!version.includes('/') || !group.includes('.') || OWN_GROUPS.test(group)) return []
  if (MAKES_NO_PODS.test(`${version} ${kind}`)) return []
  const where = ELSEWHERE.has(kind) ? undefined : namespace
  return [{ namespace: where, reason: `${kind} ${name} may make pods at run time` }]
}
