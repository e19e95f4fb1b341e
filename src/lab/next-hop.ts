import { canonicalAddress, readAddress } from './packets/read-address.ts'
import { isInSubnet } from './subnet.ts'
import { familyOf, type NodePlace, type OutsidePlace, type Place, type PodPlace, type Topology } from './topology.ts'

/** How a frame leaves its sender. */
export interface NextHop {
  readonly device: string
  readonly sourceMac: string
  readonly destinationMac: string
  /** What the sender's own stack would put as source address. */
  readonly sourceAddress: string
}

/** Where `from` sends a packet for that address: what its routing and neighbour tables say, known from the plan. */
export function nextHop(topology: Topology, from: Place, toAddress: string, via?: string): NextHop {
  switch (from.kind) {
    case 'pod':
      return fromPod(topology, from, toAddress)
    case 'node':
      return fromNode(topology, from, toAddress)
    case 'outside':
      return fromOutside(topology, from, toAddress, via)
  }
}

function fromPod(topology: Topology, pod: PodPlace, toAddress: string): NextHop {
  const own = pod.addresses.find((address) => familyOf(address) === familyOf(toAddress))
  const common = { device: 'eth0', sourceMac: pod.mac, sourceAddress: own ?? '' }
  if (topology.arrangement === 'routed') return { ...common, destinationMac: pod.hostMac }
  const owner = topology.owners.get(canonicalAddress(toAddress))
  if (owner?.kind === 'pod' && owner.node === pod.node) return { ...common, destinationMac: owner.mac }
  return { ...common, destinationMac: nodeOfPod(topology, pod).gatewayMac }
}

function fromNode(topology: Topology, node: NodePlace, toAddress: string): NextHop {
  const family = familyOf(toAddress)
  const owner = topology.owners.get(canonicalAddress(toAddress))
  const neighbour = nodeOfSubnet(topology, toAddress)
  if (owner?.kind === 'pod' && owner.node === node.name) {
    const common = { destinationMac: owner.mac, sourceAddress: node.gateway[family] }
    return topology.arrangement === 'bridged'
      ? { ...common, device: 'cni0', sourceMac: node.gatewayMac }
      : { ...common, device: owner.hostDevice, sourceMac: owner.hostMac }
  }
  if (neighbour !== undefined && neighbour !== node && topology.arrangement === 'bridged') {
    const { device, address, mac } = node.tunnel[family]
    return { device, sourceMac: mac, destinationMac: neighbour.tunnel[family].mac, sourceAddress: address }
  }
  const peer = neighbour ?? (owner?.kind === 'node' ? owner : topology.outside)
  return { device: 'eth0', sourceMac: node.mac, destinationMac: peer.mac, sourceAddress: node.underlay[family] }
}

function fromOutside(topology: Topology, outside: OutsidePlace, toAddress: string, via?: string): NextHop {
  const owner = topology.owners.get(canonicalAddress(toAddress))
  const chosen =
    topology.nodes.find((node) => node.name === via) ??
    nodeOfSubnet(topology, toAddress) ??
    (owner?.kind === 'node' ? owner : topology.nodes[0])
  if (chosen === undefined) throw new Error('a lab without nodes')
  const sourceAddress = outside.underlay[familyOf(toAddress)]
  return { device: 'eth0', sourceMac: outside.mac, destinationMac: chosen.mac, sourceAddress }
}

function nodeOfPod(topology: Topology, pod: PodPlace): NodePlace {
  const node = topology.nodes.find((each) => each.name === pod.node)
  if (node === undefined) throw new Error(`${pod.name} stands on no node of the lab`)
  return node
}

function nodeOfSubnet(topology: Topology, address: string): NodePlace | undefined {
  const bytes = readAddress(address)
  return topology.nodes.find((node) => isInSubnet(node.podSubnets[familyOf(address)], bytes))
}
