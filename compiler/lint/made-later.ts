import { fieldsOf, itemsOf, textOf, textsOf } from '../cluster/loose-fields.ts'
import { type Fields, isFields } from '../objects/read-fields.ts'
import type { Selector } from '../objects/selector.ts'
import { matchesSelector } from '../selectors/matches-selector.ts'
import type { LintInput, Remark } from './lint-rule.ts'
import type { RawObject } from './raw-object.ts'

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

/**
 * Does a custom resource of these namespaces write labels for its pods that the selector matches (`podMetadata` of a
 * Prometheus, `template` of a Rollout)? Its own labels say nothing of its pods.
 */
export function isMadeWithLabels({ raw }: LintInput, selector: Selector, namespaces: readonly string[]): boolean {
  if (selector.key === '') return false
  return raw.some(
    (one) =>
      customResource(one).length > 0 &&
      namespaces.includes(one.namespace ?? 'default') &&
      labelsWithin(fieldsOf(one.value, 'spec')).some((labels) => matchesSelector(selector, labels)),
  )
}

/** Every mapping of texts under the key `labels`, however deep. */
function labelsWithin(fields: Fields): readonly ReadonlyMap<string, string>[] {
  return Object.entries(fields).flatMap(([key, value]) => {
    const inside = Array.isArray(value) ? value.filter(isFields) : isFields(value) ? [value] : []
    const own = key === 'labels' && isFields(value) ? [textsByKey(value)] : []
    return [...own, ...inside.flatMap(labelsWithin)]
  })
}

function textsByKey(fields: Fields): ReadonlyMap<string, string> {
  return new Map(Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}

/** A remark that something in the input may make untrue. */
export interface Doubtful {
  readonly remark: Remark
  readonly namespace: string
  readonly reason: string
}

/** One note for each namespace and reason: what an operator makes is seldom one thing. */
export function foldDoubtful(
  doubtful: readonly Doubtful[],
  [one, many]: readonly [one: string, many: string],
): readonly Remark[] {
  const groups = Map.groupBy(doubtful, ({ namespace, reason }) => JSON.stringify([namespace, reason]))
  return [...groups.values()].flatMap(([first, ...more]): readonly Remark[] => {
    if (first === undefined) return []
    const count = more.length === 1 ? `one more ${one}` : `${more.length} more ${many}`
    const rest = more.length === 0 ? '' : `, and so with ${count}`
    const message = `${first.remark.message}, as far as files tell: ${first.reason}${rest}`
    return [{ ...first.remark, message, hint: 'lint the live cluster to know', severity: 'note' }]
  })
}

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

/** ClusterRoles of every cluster that let who has them create workloads. */
const BUILT_IN = new Set(['cluster-admin', 'admin', 'edit'])

/** Roles (rbac.authorization.k8s.io/v1) that let a service account create workloads, where it is bound to them. */
function rolesThatMakePods(raw: readonly RawObject[]): readonly Maker[] {
  const roles = raw.filter(
    ({ kind, value }) => ['Role', 'ClusterRole'].includes(kind) && itemsOf(value, 'rules').some(createsWorkloads),
  )
  return raw.flatMap((binding): readonly Maker[] => {
    const isBinding = ['RoleBinding', 'ClusterRoleBinding'].includes(binding.kind)
    const isOfPrograms = itemsOf(binding.value, 'subjects').some((one) => textOf(one, 'kind') === 'ServiceAccount')
    if (!isBinding || !isOfPrograms) return []
    const ref = fieldsOf(binding.value, 'roleRef')
    const kind = textOf(ref, 'kind')
    const name = textOf(ref, 'name') ?? ''
    const isHere = roles.some(
      (role) =>
        role.kind === kind && role.name === name && (kind === 'ClusterRole' || role.namespace === binding.namespace),
    )
    if (!isHere && !(kind === 'ClusterRole' && BUILT_IN.has(name))) return []
    const where = binding.kind === 'ClusterRoleBinding' ? undefined : (binding.namespace ?? 'default')
    return [{ namespace: where, reason: `${kind} ${name} lets a program create workloads at run time` }]
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
