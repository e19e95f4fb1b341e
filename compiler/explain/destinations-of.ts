import type { Cluster } from '../cluster/create-cluster.ts'
import type { FoundEnd } from '../cluster/found-end.ts'
import type { GraphPod } from '../graph/allow-graph.ts'
import type { Transport } from '../graph/judge.ts'
import { quote } from '../objects/quote.ts'
import type { Destinations } from './destination.ts'
import { hostNotes, hostSites } from './host-sites.ts'
import { nodeDoor } from './node-door.ts'
import { type AskedPort, transportOf } from './parse-port.ts'
import { toService } from './service-destinations.ts'
import type { Site } from './site.ts'
import { addressSite, onePerBehaviour } from './sources-of.ts'

/** Where a connection to this end and port really goes: through a Service or a node's port, to each of the pods behind it. */
export function destinationsOf(
  cluster: Cluster,
  end: Exclude<FoundEnd, { kind: 'nothing' }>,
  port: AskedPort,
  nodes: ReadonlySet<string>,
): Destinations {
  switch (end.kind) {
    case 'pods':
      return toPods(cluster, end, port, nodes)
    case 'address': {
      if (port.kind === 'name') return noName(end.name, port.name, 'give a number: an address has no port names')
      const transport = transportOf(port)
      return nodeDoor(cluster, end, transport) ?? toSites([addressSite(end)], transport, [])
    }
    case 'hosts': {
      if (port.kind === 'name') return noName(end.name, port.name, 'give a number: it is on the network of its node')
      return toSites(hostSites(cluster, end), transportOf(port), hostNotes(cluster, end))
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

function toSites(sites: readonly Site[], transport: Transport, notes: readonly string[]): Destinations {
  return { kind: 'destinations', list: sites.map((site) => ({ site, transport })), notes }
}

function toPods(
  cluster: Cluster,
  { name, pods, exact }: Extract<FoundEnd, { kind: 'pods' }>,
  port: AskedPort,
  nodes: ReadonlySet<string>,
): Destinations {
  if (port.kind !== 'name')
    return toSites(onePerBehaviour(cluster, { name, pods, exact }, nodes), transportOf(port), [])
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
    onePerBehaviour(cluster, { name: numbers.size === 1 ? name : undefined, pods: owners, exact }, nodes).map(
      (site) => ({ site, transport: { protocol, port: number } }),
    ),
  )
  return {
    kind: 'destinations',
    list,
    notes: [`${quote(port.name)} is port ${[...numbers.keys()].join(' or ')} there`],
  }
}

function noName(name: string, port: string, hint: string): Destinations {
  return { kind: 'problem', problem: `${name} has no port ${quote(port)}`, hint }
}
