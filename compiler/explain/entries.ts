import { FAMILIES } from '../addresses/address.ts'
import type { Cluster } from '../cluster/create-cluster.ts'
import type { GraphPod } from '../graph/allow-graph.ts'
import { judge, type Transport } from '../graph/judge.ts'
import { peerOf } from '../graph/peer-of.ts'
import { podName } from '../objects/pod-name.ts'
import { quote } from '../objects/quote.ts'
import { gatewayControllers, ingressControllers } from './ingress-controllers.ts'
import { isolatingPolicies } from './isolating-policies.ts'
import { behindPort } from './service-destinations.ts'
import type { Site } from './site.ts'

/** One way from outside to a workload: an Ingress or HTTPRoute, its controller, and the pods behind its Service. */
export interface Entry {
  /** `Ingress shop/web`, `HTTPRoute shop/web`. */
  readonly by: string
  /** `example.org/path`; the host is missing where every host is meant. */
  readonly asked: string
  /** Workloads and pods that make the connections; none: the input does not have the controller. */
  readonly through: readonly string[]
  /** A workload or pod, or the Service where it leads nowhere. */
  readonly to: string
  /** `TCP 8080`; empty where that is not known. */
  readonly ports: string
  /** Does it get there? undefined: the input does not say. */
  readonly passes: boolean | undefined
  /** Why not, or why it cannot be said; empty where it passes. */
  readonly why: string
}

/** Every way in that the input has, in the order of its Ingresses and HTTPRoutes, each once. */
export function entries(cluster: Cluster): readonly Entry[] {
  const found = [
    ...cluster.ingresses.flatMap(({ namespace, name, ingressClass, backends }) => {
      const controllers = ingressControllers(cluster, ingressClass)
      return backends.flatMap(({ host, path, service, port }) =>
        entriesTo(
          cluster,
          `Ingress ${namespace}/${name}`,
          `${host}${path}`,
          controllers,
          `${namespace}/${service}`,
          port,
        ),
      )
    }),
    ...cluster.routes.flatMap(({ namespace, name, gateways, backends }) => {
      const controllers = gatewayControllers(cluster, gateways)
      return backends.flatMap(({ host, path, service, port }) =>
        entriesTo(cluster, `HTTPRoute ${namespace}/${name}`, `${host}${path}`, controllers, service, port),
      )
    }),
  ]
  return [...new Map(found.map((entry) => [JSON.stringify(entry), entry])).values()]
}

function entriesTo(
  cluster: Cluster,
  by: string,
  asked: string,
  controllers: readonly GraphPod[],
  key: string,
  port: number | string | undefined,
): readonly Entry[] {
  const through = [...new Set(controllers.map(workloadName))].sort()
  const lost = (why: string): readonly Entry[] => [
    { by, asked, through, to: `svc/${key}`, ports: '', passes: false, why },
  ]
  const service = cluster.services.get(key)
  if (service === undefined) return lost(`the input has no Service ${key}`)
  const found = service.ports.find((one) => one.port === port || one.name === port)
  if (found === undefined) return lost(`Service ${key} has no port ${quote(String(port ?? ''))}`)
  const behind = behindPort(cluster, key, service, found)
  if (behind.kind === 'problem') return lost(behind.problem)
  return behind.list.map(({ site, transport }): Entry => {
    const ports = transport.protocol === 'other' ? '' : `${transport.protocol} ${transport.port}`
    const to = site.kind === 'pod' ? workloadName(site.pod) : site.name
    return { by, asked, through, to, ports, ...verdict(cluster, controllers, site, transport) }
  })
}

function verdict(
  cluster: Cluster,
  controllers: readonly GraphPod[],
  site: Site,
  transport: Transport,
): Pick<Entry, 'passes' | 'why'> {
  if (site.kind !== 'pod') return { passes: undefined, why: `${site.name} is no pod, and is judged where it runs` }
  if (site.pod.ingress === 'open' && controllers.every(({ egress }) => egress === 'open'))
    return { passes: true, why: '' }
  if (controllers.length === 0) {
    const policies = isolatingPolicies(cluster, site.pod, 'ingress').map(podName).join(', ')
    return { passes: undefined, why: `the input does not have the controller, and ${policies} admits not everyone` }
  }
  for (const controller of controllers) {
    for (const family of FAMILIES) {
      const [source, destination] = [peerOf(controller, family)?.address, peerOf(site.pod, family)?.address]
      if (source === undefined || destination === undefined || controller === site.pod) continue
      const { egress, ingress } = judge(cluster.graph, { source, destination, transport })
      if (!egress.allowed) return closed(cluster, controller, 'egress')
      if (!ingress.allowed) return closed(cluster, site.pod, 'ingress')
    }
  }
  return { passes: true, why: '' }
}

function closed(cluster: Cluster, pod: GraphPod, direction: 'egress' | 'ingress'): Pick<Entry, 'passes' | 'why'> {
  const policies = isolatingPolicies(cluster, pod, direction).map(podName).join(', ')
  return { passes: false, why: `${direction} of ${workloadName(pod)} is closed to it by ${policies}` }
}

function workloadName({ pod }: GraphPod): string {
  return `${pod.namespace}/${pod.workload?.name ?? pod.name}`
}
