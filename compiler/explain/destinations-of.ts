import { parseAddress } from '../addresses/parse-address.ts'
import type { Cluster } from '../cluster/create-cluster.ts'
import type { FoundEnd } from '../cluster/found-end.ts'
import { serviceEndpoints } from '../cluster/service-endpoints.ts'
import type { Service, ServicePort } from '../cluster/service.ts'
import { type GraphPod, podName } from '../graph/allow-graph.ts'
import type { Transport } from '../graph/judge.ts'
import { quote } from '../objects/quote.ts'
import type { AskedPort } from './parse-port.ts'
import { hostNotes, onePerBehaviour, type Site } from './sources-of.ts'

/** One place where a connection may end, and on what port there. */
export interface Destination {
  readonly site: Site
  readonly transport: Transport
}

export type Destinations =
  | { readonly kind: 'destinations'; readonly list: readonly Destination[]; readonly notes: readonly string[] }
  | { readonly kind: 'problem'; readonly problem: string; readonly hint: string }

/** Where a connection to this end and port really goes: through a Service, to each of its pods on its target port. */
export function destinationsOf(
  cluster: Cluster,
  end: Exclude<FoundEnd, { kind: 'nothing' }>,
  port: AskedPort,
): Destinations {
  switch (end.kind) {
    case 'pods':
      return toPods(cluster, end.name, end.pods, port)
    case 'address': {
      if (port.kind === 'name') return noName(end.name, port.name, 'give a number: an address has no port names')
      const site: Site = { kind: 'address', name: end.name, address: end.address }
      return { kind: 'destinations', list: [{ site, transport: transportOf(port) }], notes: hostNotes(end) }
    }
    case 'service':
      return toService(cluster, end.name, end.service, port)
    case 'ingress': {
      const backends = end.ingress.backends.map(({ service }) => `svc/${service}`).join(', ')
      const problem = `Ingress ${end.name} is where connections come from, not where they go`
      return { kind: 'problem', problem, hint: `ask for its backends: ${backends}` }
    }
  }
}

function toPods(cluster: Cluster, name: string, pods: readonly GraphPod[], port: AskedPort): Destinations {
  if (port.kind !== 'name') {
    const list = onePerBehaviour(cluster, name, pods).map((site) => ({ site, transport: transportOf(port) }))
    return { kind: 'destinations', list, notes: [] }
  }
  const { protocol } = port
  // Replicas of two revisions may give one name two numbers: each is asked for its own.
  const numbers = new Map<number, GraphPod[]>()
  for (const pod of pods) {
    const number = pod.pod.ports.find((one) => one.name === port.name && one.protocol === protocol)?.number
    if (number !== undefined) numbers.set(number, [...(numbers.get(number) ?? []), pod])
  }
  if (numbers.size === 0) {
    const known = [
      ...new Set(pods.flatMap(({ pod }) => pod.ports.map((one) => `${one.name} (${one.number}/${one.protocol})`))),
    ]
    return noName(name, port.name, known.length === 0 ? 'it names none' : `it has ${known.join(', ')}`)
  }
  const list = [...numbers].flatMap(([number, owners]) =>
    onePerBehaviour(cluster, numbers.size === 1 ? name : undefined, owners).map((site) => ({
      site,
      transport: { protocol, port: number },
    })),
  )
  return {
    kind: 'destinations',
    list,
    notes: [`${quote(port.name)} is port ${[...numbers.keys()].join(' or ')} there`],
  }
}

function toService(cluster: Cluster, name: string, service: Service, port: AskedPort): Destinations {
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
    return {
      kind: 'problem',
      problem: `Service ${name} has no port ${asked}`,
      hint: `it has ${known.join(', ') || 'none'}`,
    }
  }
  // Nobody translates ports behind a headless Service: clients connect to the pod's address with the port that they know.
  if (service.headless)
    return headless(cluster, name, service, { kind: 'number', protocol: found.protocol, number: found.port })
  const endpoints = serviceEndpoints(cluster, service, found)
  if (endpoints.length === 0) return nobody(name, service)
  const notes: string[] = []
  const targets = new Set(endpoints.flatMap(({ port: number }) => number ?? []))
  if (targets.size !== 1 || !targets.has(found.port)) {
    notes.push(`port ${found.port} of Service ${name} leads to port ${[...targets].join(' or ') || 'none'} of its pods`)
  }
  const list: Destination[] = []
  for (const { pod, port: number } of endpoints) {
    const site = siteOf(pod)
    if (number === undefined)
      notes.push(`${podName(pod.pod)} has no port ${quote(String(found.targetPort))}: the Service skips it`)
    else if (site !== undefined) list.push({ site, transport: { protocol: found.protocol, port: number } })
  }
  if (list.length === 0) return nobody(name, service)
  return { kind: 'destinations', list, notes }
}

function headless(
  cluster: Cluster,
  name: string,
  service: Service,
  port: Extract<AskedPort, { kind: 'number' }>,
): Destinations {
  const pods = serviceEndpoints(cluster, service, {
    name: '',
    targetPort: port.number,
    nodePort: undefined,
    port: port.number,
    protocol: port.protocol,
  })
  const list = pods.flatMap(({ pod }) => siteOf(pod) ?? []).map((site) => ({ site, transport: transportOf(port) }))
  if (list.length === 0) return nobody(name, service)
  return {
    kind: 'destinations',
    list,
    notes: [`Service ${name} is headless: its name leads to the pods themselves, on port ${port.number}`],
  }
}

function siteOf(pod: GraphPod): Site | undefined {
  if (pod.addresses.length > 0) return { kind: 'pod', name: podName(pod.pod), pod, replica: undefined }
  const address = parseAddress(pod.pod.addresses[0] ?? '')
  return pod.pod.hostNetwork && address !== undefined ? { kind: 'address', name: podName(pod.pod), address } : undefined
}

function nobody(name: string, { selector }: Service): Destinations {
  const hint =
    selector === undefined
      ? 'it has no selector: somebody else writes its endpoints'
      : 'no pod has the labels of its selector and an address'
  return { kind: 'problem', problem: `no pod is behind Service ${name}`, hint }
}

function noName(name: string, port: string, hint: string): Destinations {
  return { kind: 'problem', problem: `${name} has no port ${quote(port)}`, hint }
}

function matches(one: ServicePort, port: Exclude<AskedPort, { kind: 'icmp' }>): boolean {
  if (one.protocol !== port.protocol) return false
  return port.kind === 'name' ? one.name === port.name : one.port === port.number
}

function transportOf(port: Exclude<AskedPort, { kind: 'name' }>): Transport {
  return port.kind === 'icmp' ? { protocol: 'other' } : { protocol: port.protocol, port: port.number }
}
