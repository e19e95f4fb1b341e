import type { GraphPod } from '../graph/allow-graph.ts'
import type { Cluster } from './create-cluster.ts'
import type { Service, ServicePort } from './service.ts'

/** One pod that a Service leads to, and the number of its target port there; undefined: the pod has no port of that name. */
export interface ServiceEndpoint {
  readonly pod: GraphPod
  readonly port: number | undefined
}

/** The pods that a Service selects: of its namespace, not finished (core/v1 ServiceSpec.selector). */
export function selectedPods(cluster: Cluster, { namespace, selector }: Service): readonly GraphPod[] {
  if (selector === undefined) return []
  return podsIn(cluster, namespace).filter(
    ({ pod }) => !pod.finished && [...selector].every(([key, value]) => pod.labels.labels.get(key) === value),
  )
}

/** Every Service of a cluster is asked for its pods, and every test for those of DNS. */
const known = new WeakMap<Cluster['graph'], ReadonlyMap<string, readonly GraphPod[]>>()

/** Pods of a namespace, in the graph's order. */
export function podsIn({ graph }: Cluster, namespace: string): readonly GraphPod[] {
  let byNamespace = known.get(graph)
  if (byNamespace === undefined)
    known.set(graph, (byNamespace = Map.groupBy(graph.pods.values(), ({ pod }) => pod.namespace)))
  return byNamespace.get(namespace) ?? []
}

/** Where a connection to this port of the Service ends, pod by pod; each resolves a named target port by itself. */
export function serviceEndpoints(cluster: Cluster, service: Service, port: ServicePort): readonly ServiceEndpoint[] {
  return selectedPods(cluster, service).map((pod) => ({ pod, port: targetPortOf(pod, port) }))
}

/** The number that a port of a Service leads to on one of its pods; undefined: the pod has no port of that name. */
export function targetPortOf({ pod }: GraphPod, { targetPort, protocol }: ServicePort): number | undefined {
  if (typeof targetPort === 'number') return targetPort
  return pod.ports.find((port) => port.name === targetPort && port.protocol === protocol)?.number
}
