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
  return [...cluster.graph.pods.values()].filter(
    ({ pod }) =>
      pod.namespace === namespace &&
      !pod.finished &&
      [...selector].every(([key, value]) => pod.labels.labels.get(key) === value),
  )
}

/** Where a connection to this port of the Service ends, pod by pod; each resolves a named target port by itself. */
export function serviceEndpoints(
  cluster: Cluster,
  service: Service,
  { targetPort, protocol }: ServicePort,
): readonly ServiceEndpoint[] {
  return selectedPods(cluster, service).map((pod) => ({
    pod,
    port:
      typeof targetPort === 'number'
        ? targetPort
        : pod.pod.ports.find((port) => port.name === targetPort && port.protocol === protocol)?.number,
  }))
}
