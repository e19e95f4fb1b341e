import { podName } from '../objects/pod-name.ts'
import { DIRECTIONS } from '../objects/direction.ts'
import type { Policy } from '../objects/objects.ts'
import type { Selector } from '../objects/selector.ts'
import type { Cluster } from './create-cluster.ts'

/**
 * Of a name that no pod has: what people call so by a label. Pods of an operator have names of its own making, and no file holds
 * them; the policies for them say their labels. Undefined where no label has that value.
 */
export function knownByLabels({ graph, objects }: Cluster, name: string): string | undefined {
  for (const { pod } of graph.pods.values()) {
    const own = [...pod.labels.labels].find(([, value]) => value === name)
    if (own === undefined) continue
    const shown = pod.workload === undefined ? podName(pod) : `${pod.namespace}/${pod.workload.name}`
    return `did you mean ${shown}, which has ${own.join('=')}?`
  }
  const policies = objects.filter((one) => one.kind === 'NetworkPolicy')
  const labels = policies.flatMap(selectorsOf).flatMap((selector) => labelOf(selector, name))
  const [label] = labels
  if (label === undefined) return undefined
  return `policies speak of pods with ${label}, and the input has none: ask about such a pod by its labels (--from-labels, --to-labels)`
}

function selectorsOf(policy: Policy): readonly Selector[] {
  const peers = DIRECTIONS.flatMap((direction) => {
    const side = policy[direction]
    return side?.kind === 'rules' ? side.rules.flatMap((rule) => (rule.peers === 'anyone' ? [] : rule.peers)) : []
  })
  return [policy.podSelector, ...peers.flatMap((peer) => (peer.kind === 'pods' ? [peer.pods] : []))]
}

function labelOf({ requirements }: Selector, name: string): readonly string[] {
  return requirements.flatMap(({ key, operator, values }) =>
    operator === 'In' && values.includes(name) ? [`${key}=${name}`] : [],
  )
}
