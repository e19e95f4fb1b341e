import { parseAddress } from '../addresses/parse-address.ts'
import { type GraphPod, podName } from '../graph/allow-graph.ts'
import { quote } from '../objects/quote.ts'
import type { Cluster } from './create-cluster.ts'
import { type FoundEnd, nothing } from './found-end.ts'

/** The pod of a name, or the pods of the workload of a name; of one `kind` where a name is several things. Undefined: none. */
export function findPods(cluster: Cluster, namespace: string, name: string, kind?: string): FoundEnd | undefined {
  const found = choosePods(cluster, namespace, name, kind)
  if (found.length === 0) return undefined
  const shown = `${namespace}/${name}`
  const kinds = [...new Set(found.map(({ pod }) => pod.workload?.kind ?? 'Pod'))].sort()
  if (kind === undefined && kinds.length > 1 && found.every(({ pod }) => pod.workload?.name === name)) {
    const words = kinds.map((one) => `${namespace}/${one.toLowerCase()}/${name}`)
    return nothing(`${quote(shown)} is more than one thing: ${kinds.join(', ')}`, `say ${words.join(' or ')}`)
  }
  const governed = found.filter(({ addresses }) => addresses.length > 0)
  if (governed.length > 0) return { kind: 'pods', name: shown, pods: governed }
  return hostEnd(shown, found) ?? nothing(`${shown} has no address yet`, 'nothing can be said of its traffic')
}

function choosePods(cluster: Cluster, namespace: string, name: string, kind?: string): readonly GraphPod[] {
  const here = [...cluster.graph.pods.values()].filter(({ pod }) => pod.namespace === namespace && !pod.finished)
  const exact = here.filter(({ pod }) => pod.name === name && (!pod.standIn || pod.workload?.name !== name))
  if (kind === 'Pod' || (kind === undefined && exact.length > 0)) return exact
  return here.filter(({ pod }) => pod.workload?.name === name && (kind === undefined || pod.workload.kind === kind))
}

/** A pod on the network of its node has no address of its own: policy sees the node's. */
function hostEnd(name: string, pods: readonly GraphPod[]): FoundEnd | undefined {
  const hosts = pods.filter(({ pod }) => pod.hostNetwork)
  const [first] = hosts
  if (first === undefined) return undefined
  const addresses = new Set(hosts.map(({ pod }) => pod.addresses[0] ?? ''))
  if (addresses.size > 1) {
    const names = hosts.map(({ pod }) => podName(pod)).slice(0, 5)
    return nothing(
      `${quote(name)} is on the network of ${addresses.size} nodes`,
      `name one of its pods: ${names.join(', ')}`,
    )
  }
  const address = parseAddress(first.pod.addresses[0] ?? '')
  if (address === undefined) {
    const problem = `${name} is on the network of its node, whose address the input does not say`
    return nothing(problem, 'give the address of the node')
  }
  return { kind: 'address', name, address, hostPod: first }
}
