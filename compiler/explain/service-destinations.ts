import type { Address } from '../addresses/address.ts'
import { parseAddress } from '../addresses/parse-address.ts'
import type { Cluster } from '../cluster/create-cluster.ts'
import { serviceEndpoints } from '../cluster/service-endpoints.ts'
import type { Service, ServicePort } from '../cluster/service.ts'
import type { GraphPod } from '../graph/allow-graph.ts'
import { podName } from '../objects/pod-name.ts'
import { quote } from '../objects/quote.ts'
import type { Destination, Destinations } from './destination.ts'
import { hostSites } from './host-sites.ts'
import { type AskedPort, transportOf } from './parse-port.ts'
import type { Refusal, Site } from './site.ts'

/** Where a connection to a port of a Service ends: each of its endpoints, on its target port. */
export function toService(cluster: Cluster, name: string, service: Service, port: AskedPort): Destinations {
  if (service.type === 'ExternalName') {
    const problem = `Service ${name} is an alias of ${quote(service.externalName ?? '')}, which is outside of the cluster`
    return { kind: 'problem', problem, hint: 'give the address that it resolves to' }
  }
  if (port.kind === 'icmp')
    return { kind: 'problem', problem: `Service ${name} forwards ports, not ICMP`, hint: 'name a pod' }
  const found = service.ports.find((one) => matches(one, port))
  if (found === undefined) {
    // The address of a headless Service is its pods': they may be asked on any port.
    if (service.headless && port.kind === 'number') return headless(cluster, name, service, port)
    const known = service.ports.map((one) => `${one.port}/${one.protocol}${one.name === '' ? '' : ` (${one.name})`}`)
    const asked = port.kind === 'name' ? quote(port.name) : `${port.number}/${port.protocol}`
    const problem = `Service ${name} has no port ${asked}`
    return { kind: 'problem', problem, hint: `it has ${known.join(', ') || 'none'}` }
  }
  // Nobody translates ports behind a headless Service: clients connect to the pod's address with the port that they know.
  if (service.headless)
    return headless(cluster, name, service, { kind: 'number', protocol: found.protocol, number: found.port })
  const behind = behindPort(cluster, name, service, found)
  if (behind.kind === 'problem') return behind
  const targets = new Set(
    behind.list.flatMap(({ transport }) => (transport.protocol === 'other' ? [] : transport.port)),
  )
  const translated = targets.size !== 1 || !targets.has(found.port)
  const where = service.selector === undefined ? 'endpoints' : 'pods'
  const note = `port ${found.port} of Service ${name} leads to port ${[...targets].join(' or ')} of its ${where}`
  return { kind: 'destinations', list: behind.list, notes: [...(translated ? [note] : []), ...behind.notes] }
}

/** What is behind one port of a Service that has a head. */
export function behindPort(
  cluster: Cluster,
  name: string,
  service: Service,
  port: ServicePort,
): { readonly kind: 'behind'; readonly list: readonly Destination[]; readonly notes: readonly string[] } | Refusal {
  const notes: string[] = []
  const list: Destination[] = service.selector === undefined ? [...writtenEndpoints(cluster, service, port)] : []
  for (const { pod, port: number } of serviceEndpoints(cluster, service, port)) {
    if (number === undefined) {
      notes.push(`${podName(pod.pod)} has no port ${quote(String(port.targetPort))}: the Service skips it`)
      continue
    }
    for (const site of sitesOf(cluster, pod)) list.push({ site, transport: { protocol: port.protocol, port: number } })
  }
  return list.length === 0 ? nobody(name, service) : { kind: 'behind', list, notes }
}

/** The endpoints of a Service without selector, as somebody else wrote them. */
function writtenEndpoints(cluster: Cluster, service: Service, asked: ServicePort): readonly Destination[] {
  const endpoints = cluster.endpoints.get(`${service.namespace}/${service.name}`) ?? []
  return endpoints.flatMap(({ address: text, ports }): readonly Destination[] => {
    const address = parseAddress(text)
    const port = ports.find(({ name, protocol }) => name === asked.name && protocol === asked.protocol)
    if (address === undefined || port === undefined) return []
    const number = port.number ?? (typeof asked.targetPort === 'number' ? asked.targetPort : asked.port)
    return [{ site: siteAt(cluster, text, address), transport: { protocol: asked.protocol, port: number } }]
  })
}

function headless(
  cluster: Cluster,
  name: string,
  service: Service,
  port: Extract<AskedPort, { kind: 'number' }>,
): Destinations {
  const asked = { name: '', targetPort: port.number, nodePort: undefined, port: port.number, protocol: port.protocol }
  const pods = serviceEndpoints(cluster, service, asked).flatMap(({ pod }) => sitesOf(cluster, pod))
  const written = service.selector === undefined ? (cluster.endpoints.get(name) ?? []) : []
  const others = written.flatMap(({ address: text }) => {
    const address = parseAddress(text)
    return address === undefined ? [] : siteAt(cluster, text, address)
  })
  const list = [...pods, ...others].map((site) => ({ site, transport: transportOf(port) }))
  if (list.length === 0) return nobody(name, service)
  return {
    kind: 'destinations',
    list,
    notes: [`Service ${name} is headless: its name leads to the pods themselves, on port ${port.number}`],
  }
}

/** A pod without an address is not ready, and not behind the Service. */
function sitesOf(cluster: Cluster, pod: GraphPod): readonly Site[] {
  if (pod.addresses.length > 0) return [podSite(pod)]
  return pod.pod.hostNetwork ? hostSites(cluster, { kind: 'hosts', name: podName(pod.pod), pods: [pod] }) : []
}

function siteAt(cluster: Cluster, text: string, address: Address): Site {
  const pod = cluster.graph.owners.get(text)
  return pod === undefined ? { kind: 'address', name: text, address } : podSite(pod)
}

function podSite(pod: GraphPod): Site {
  return { kind: 'pod', name: podName(pod.pod), pod, replica: undefined, exact: pod.pod.standIn !== true }
}

function nobody(name: string, { selector, namespace }: Service): Refusal {
  const hint =
    selector === undefined
      ? 'it has no selector: add its EndpointSlice or Endpoints to the input'
      : `no pod has the labels of its selector and an address; of one that would: --to-labels ${labelsText(selector)} --to-namespace ${namespace}`
  return { kind: 'problem', problem: `no pod is behind Service ${name}`, hint }
}

function labelsText(labels: ReadonlyMap<string, string>): string {
  return [...labels].map((label) => label.join('=')).join(',')
}

function matches(one: ServicePort, port: Exclude<AskedPort, { kind: 'icmp' }>): boolean {
  return port.kind === 'name'
    ? one.name === port.name && one.protocol === port.protocol
    : one.port === port.number && one.protocol === port.protocol
}
