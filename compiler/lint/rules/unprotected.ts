import { textOf } from '../../cluster/loose-fields.ts'
import { podName } from '../../objects/pod-name.ts'
import type { Pod } from '../../objects/objects.ts'
import { type LintRule, type Remark } from '../lint-rule.ts'
import { describePod } from '../silencer.ts'

/** What belongs to Kubernetes itself is set up by others. */
const SYSTEM = new Set(['kube-system', 'kube-public', 'kube-node-lease'])

/** Policies of other engines may well protect what no NetworkPolicy selects. */
const OTHER_ENGINES = /^((crd\.)?projectcalico\.org|cilium\.io|policy\.networking\.k8s\.io)\//

/** Whom no policy selects everybody reaches, and it reaches everybody. */
export const unprotected: LintRule = {
  name: 'unprotected',
  severity: 'note',
  summary: 'No NetworkPolicy selects the workload, or anything in the namespace',
  check({ cluster, raw }) {
    if (raw.some(({ value }) => OTHER_ENGINES.test(textOf(value, 'apiVersion') ?? ''))) return []
    const selected = new Set(cluster.selections.flatMap(({ pods }) => pods))
    const governed = [...cluster.graph.pods.values()]
      .map(({ pod }) => pod)
      .filter(({ hostNetwork, finished, namespace }) => !hostNetwork && !finished && !SYSTEM.has(namespace))
    const withPolicies = new Set(cluster.selections.map(({ policy }) => policy.namespace))
    return [...Map.groupBy(governed, ({ namespace }) => namespace)].flatMap(([namespace, pods]): readonly Remark[] => {
      if (withPolicies.has(namespace)) return workloadsOf(pods.filter((pod) => !selected.has(pod)))
      const place = cluster.namespaces.get(namespace)?.place ?? pods[0]?.place
      const message = 'has no NetworkPolicy: everybody reaches its pods, and they reach everybody'
      return [
        { place, object: `Namespace ${namespace}`, message, hint: 'begin with a policy that selects all of them' },
      ]
    })
  },
}

/** Pods of one workload are one remark. */
function workloadsOf(pods: readonly Pod[]): readonly Remark[] {
  const byWorkload = Map.groupBy(pods, (pod) => (pod.workload === undefined ? podName(pod) : nameOf(pod)))
  return [...byWorkload.values()].flatMap(([pod]) =>
    pod === undefined
      ? []
      : [
          {
            place: pod.place,
            object: describePod(pod),
            message: 'is selected by no NetworkPolicy: everybody reaches it, and it reaches everybody',
            hint: 'select it by a policy',
          },
        ],
  )
}

function nameOf({ namespace, workload }: Pod): string {
  return `${workload?.kind} ${namespace}/${workload?.name}`
}
