import type { Cluster } from '../cluster/create-cluster.ts'
import type { GraphPod } from '../graph/allow-graph.ts'

type Labels = Readonly<Record<string, string>>

/**
 * Labels of single pods, of revisions, and those that charts change with each release: a policy that selects by one of them
 * misses the workload's other pods, or those of tomorrow (https://helm.sh/docs/chart_best_practices/labels/,
 * https://kubernetes.io/docs/reference/labels-annotations-taints/).
 */
const PASSING_LABELS = new Set([
  'app.kubernetes.io/version',
  'apps.kubernetes.io/pod-index',
  'chart',
  'controller-revision-hash',
  'controller-uid',
  'helm.sh/chart',
  'istio.io/rev',
  'job-name',
  'pod-template-generation',
  'pod-template-hash',
  'rollouts-pod-template-hash',
  'statefulset.kubernetes.io/pod-name',
  'version',
])
const PASSING_PREFIX = 'batch.kubernetes.io/'

/**
 * The labels by which a policy selects a pod and goes on selecting it when it is made anew: spec.selector.matchLabels of
 * its workload, where the input has the workload; else the pod's own labels, less those that pass.
 */
export function lastingLabels(cluster: Cluster, { pod }: GraphPod): Labels {
  const own = pod.labels.labels
  const selector = ownSelector(cluster, pod)
  if (selector !== undefined && [...selector].every(([key, value]) => own.get(key) === value)) {
    return Object.fromEntries(selector)
  }
  const said = [...own].filter(([key]) => pod.unknownLabels?.includes(key) !== true)
  const lasting = said.filter(([key]) => isLasting(key))
  // Without any label a policy would be for the whole namespace.
  return Object.fromEntries(lasting.length === 0 ? said : lasting)
}

/** Does a label of this key stay when its pod is made anew? */
export function isLasting(key: string): boolean {
  return !PASSING_LABELS.has(key) && !key.startsWith(PASSING_PREFIX)
}

/** spec.selector.matchLabels of the pod's workload, where the input says it. */
export function ownSelector(
  { graph }: Cluster,
  { namespace, workload, selector }: GraphPod['pod'],
): ReadonlyMap<string, string> | undefined {
  if (selector !== undefined || workload === undefined) return selector
  return graph.pods.get(`${namespace}/${workload.name} ${workload.kind}`)?.pod.selector
}
