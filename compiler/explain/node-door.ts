import type { Family } from '../addresses/address.ts'
import { formatAddress } from '../addresses/format-address.ts'
import type { Cluster } from '../cluster/create-cluster.ts'
import type { FoundEnd } from '../cluster/found-end.ts'
import { type Node, nodeAt } from '../cluster/node.ts'
import type { Service } from '../cluster/service.ts'
import { podName } from '../objects/pod-name.ts'
import type { Transport } from '../graph/judge.ts'
import type { Protocol } from '../objects/protocol.ts'
import { peerOf } from '../graph/peer-of.ts'
import type { Destination, Destinations, Door } from './destination.ts'
import { behindPort } from './service-destinations.ts'
import type { Refusal, Site } from './site.ts'

type AddressEnd = Extract<FoundEnd, { kind: 'address' }>

/** kube-apiserver's --service-node-port-range, unless told otherwise. */
const USUAL_NODE_PORTS = { from: 30_000, to: 32_767 } as const

/**
 * What is behind this port of an address that no pod owns: a node port or a hostPort. Undefined: nothing is, the connection
 * is with the address itself. A refusal where the address may be a node's and the input does not tell: to answer as for an
 * address of nobody could be wrong.
 */
export function nodeDoor(cluster: Cluster, asked: AddressEnd, transport: Transport): Destinations | undefined {
  if (transport.protocol === 'other') return undefined
  const address = formatAddress(asked.address)
  const { protocol, port } = transport
  const node = nodeAt(cluster.nodes, address)
  if (node === undefined) return mayBeNode(cluster, address, protocol, port)
  const service = serviceWithNodePort(cluster, protocol, port)
  const hosted = podsWithHostPort(cluster, node, address, protocol, port).filter(({ site }) =>
    hasFamily(site, asked.address.family),
  )
  if (hosted.length > 0) {
    const door: Door = { node, asked, transport, name: 'a hostPort', targets: hosted, spreads: 'here' }
    return { kind: 'door', door, notes: [leads(door)] }
  }
  if (service === undefined) return unknownPort(cluster, node, address, port)
  const name = `${service.namespace}/${service.name}`
  const servicePort = service.ports.find((one) => one.nodePort === port && one.protocol === protocol)
  if (servicePort === undefined) return undefined
  const behind = behindPort(cluster, name, service, servicePort)
  if (behind.kind === 'problem') return behind
  const targets = behind.list.filter(({ site }) => hasFamily(site, asked.address.family))
  if (targets.length === 0) {
    const problem = `no pod behind Service ${name} has an ${asked.address.family} address`
    return { kind: 'problem', problem, hint: 'ask at an address of the other family' }
  }
  const spreads = service.externalTrafficPolicy === 'Local' ? 'here' : 'everywhere'
  const door: Door = { node, asked, transport, name: `the node port of Service ${name}`, targets, spreads }
  return { kind: 'door', door, notes: [leads(door), ...behind.notes] }
}

function hasFamily(site: Site, family: Family): boolean {
  if (site.kind === 'pod') return peerOf(site.pod, family) !== undefined
  return site.kind === 'host' || site.address.family === family
}

function leads({ node, asked, transport, name, targets }: Door): string {
  const ports = new Set(targets.flatMap((one) => (one.transport.protocol === 'other' ? [] : one.transport.port)))
  const port = transport.protocol === 'other' ? '' : transport.port
  const pods = targets.some(({ site }) => site.kind === 'pod') ? 'the pods behind it' : 'what is behind it'
  return `${asked.name} is node ${node.name}, and its port ${port} is ${name}: it leads to port ${[...ports].join(' or ')} of ${pods}`
}

/** As far as the input says the node itself listens there; Services without a number get one from the API server. */
function unknownPort(cluster: Cluster, node: Node, address: string, port: number): Refusal | undefined {
  if (!isUsual(port)) return undefined
  if (cluster.services.size === 0) {
    const problem = `${address} is node ${node.name}, and whether its port ${port} is that of a Service the input does not say: it holds none`
    return { kind: 'problem', problem, hint: 'add the Services (kubectl get services -A -o yaml)' }
  }
  const waiting = doorsOf(cluster).find(({ ports }) => ports.some(({ nodePort }) => nodePort === undefined))
  if (waiting === undefined) return undefined
  const problem = `${address} is node ${node.name}, and whether its port ${port} is that of Service ${waiting.namespace}/${waiting.name} the input does not say`
  return { kind: 'problem', problem, hint: 'give its nodePort, or ask for the Service' }
}

/** Without Nodes in the input any address of nobody may be one. */
function mayBeNode(cluster: Cluster, address: string, protocol: Protocol, port: number): Refusal | undefined {
  if ([...cluster.nodes.values()].some(({ declared }) => declared)) return undefined
  const service = serviceWithNodePort(cluster, protocol, port)
  const [host] = podsWithHostPort(cluster, undefined, address, protocol, port)
  const nodes = 'add the Nodes to the input (kubectl get nodes -o yaml)'
  const unknown = `whether ${address} is a node the input does not say, and port ${port}`
  if (service !== undefined) {
    const [first] = service.ports.filter((one) => one.nodePort === port)
    const name = `${service.namespace}/${service.name}`
    return {
      kind: 'problem',
      problem: `${unknown} of a node leads to the pods of Service ${name}`,
      hint: `${nodes}, or ask for svc/${name} ${first?.port ?? ''}`.trimEnd(),
    }
  }
  if (host !== undefined) {
    const problem = `${unknown} of a node may be the hostPort of ${host.site.name}`
    return { kind: 'problem', problem, hint: `${nodes}, or ask for ${host.site.name}` }
  }
  if (!isUsual(port)) return undefined
  return { kind: 'problem', problem: `${unknown} is in the range of node ports, which lead to pods`, hint: nodes }
}

function isUsual(port: number): boolean {
  return USUAL_NODE_PORTS.from <= port && port <= USUAL_NODE_PORTS.to
}

function doorsOf({ services }: Cluster): readonly Service[] {
  return [...services.values()].filter(({ type }) => type === 'NodePort' || type === 'LoadBalancer')
}

function serviceWithNodePort(cluster: Cluster, protocol: Protocol, port: number): Service | undefined {
  return doorsOf(cluster).find(({ ports }) => ports.some((one) => one.nodePort === port && one.protocol === protocol))
}

/** Pods of the node, and what stands for pods that may be there; on the network of the node a hostPort says nothing new. */
function podsWithHostPort(
  { graph }: Cluster,
  node: Node | undefined,
  address: string,
  protocol: Protocol,
  port: number,
): readonly Destination[] {
  return [...graph.pods.values()].flatMap((pod): readonly Destination[] => {
    const { pod: own, addresses } = pod
    if (own.hostNetwork || addresses.length === 0) return []
    if (node !== undefined && own.node !== undefined && own.node !== node.name) return []
    const found = own.host?.ports.find(
      (one) =>
        one.hostPort === port && one.protocol === protocol && (one.address === undefined || one.address === address),
    )
    if (found === undefined) return []
    const name = podName(own)
    const site = { kind: 'pod', name, pod, replica: undefined, exact: own.standIn !== true } as const
    return [{ site, transport: { protocol, port: found.number } }]
  })
}
