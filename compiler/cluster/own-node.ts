import { formatAddress } from '../addresses/format-address.ts'
import type { GraphPod } from '../graph/allow-graph.ts'
import type { Connection } from '../graph/judge.ts'
import type { Cluster } from './create-cluster.ts'
import { connectsFrom, nodeOf } from './node.ts'

/**
 * The pod of a connection whose other end is the node that it runs on; such packets never come to the forward hook, and
 * are always allowed (networking/v1 NetworkPolicySpec.ingress: "if the traffic source is the pod's local node").
 */
export function podOfOwnNode({ graph, nodes }: Cluster, { source, destination }: Connection): GraphPod | undefined {
  const ends = [formatAddress(source), formatAddress(destination)]
  const [from, to] = ends.map((address) => graph.owners.get(address))
  const isOn = (pod: GraphPod | undefined, address = ''): boolean => {
    if (pod === undefined || graph.owners.has(address)) return false
    if (pod.pod.host?.addresses.includes(address) === true) return true
    const node = nodeOf(nodes, pod)
    return node !== undefined && connectsFrom(node, address)
  }
  if (isOn(to, ends[0])) return to
  return isOn(from, ends[1]) ? from : undefined
}
