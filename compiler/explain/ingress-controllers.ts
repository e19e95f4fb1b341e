import type { Cluster } from '../cluster/create-cluster.ts'
import type { GraphPod } from '../graph/allow-graph.ts'

/** As their own charts and manifests label them. */
const KNOWN_CONTROLLERS: ReadonlySet<string> = new Set([
  'contour',
  'envoy',
  'haproxy-ingress',
  'ingress-nginx',
  'kong',
  'kubernetes-ingress',
  'nginx-ingress',
  'traefik',
])
const LABELS: readonly string[] = ['app.kubernetes.io/name', 'app', 'k8s-app']

/** The pods that make the connections of Ingresses, known by the labels of the usual controllers; by their class's name first. */
export function ingressControllers(cluster: Cluster, ingressClass: string | undefined): readonly GraphPod[] {
  const named = (names: ReadonlySet<string>) =>
    [...cluster.graph.pods.values()].filter(
      ({ pod, addresses }) =>
        addresses.length > 0 && LABELS.some((label) => names.has(pod.labels.labels.get(label) ?? '')),
    )
  const ofClass =
    ingressClass === undefined
      ? []
      : named(new Set([ingressClass, `${ingressClass}-ingress`, `ingress-${ingressClass}`]))
  return ofClass.length > 0 ? ofClass : named(KNOWN_CONTROLLERS)
}

/** The label of pods that an implementation of Gateway API runs for one Gateway (its GEP-1762). */
const GATEWAY_LABEL = 'gateway.networking.k8s.io/gateway-name'

/** The pods that make the connections of HTTPRoutes: those of their Gateways (`namespace/name`), else of the usual controllers. */
export function gatewayControllers(cluster: Cluster, gateways: readonly string[]): readonly GraphPod[] {
  const own = [...cluster.graph.pods.values()].filter(
    ({ pod, addresses }) =>
      addresses.length > 0 && gateways.includes(`${pod.namespace}/${pod.labels.labels.get(GATEWAY_LABEL) ?? ''}`),
  )
  return own.length > 0 ? own : ingressControllers(cluster, undefined)
}
