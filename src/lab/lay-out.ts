import { FAMILIES, type Family } from '../../compiler/addresses/address.ts'
import { LabPlanError } from './lab-error.ts'
import { linkLocalAddress } from './packets/link-local-address.ts'
import { canonicalAddress, readAddress } from './packets/read-address.ts'
import { type LabPlan, type NodePlan, OUTSIDE, type PodPlan } from './plan.ts'
import { addressIn, isInSubnet, readSubnet, type Subnet, subnetAround } from './subnet.ts'
import {
  familyOf,
  type NodePlace,
  type OutsidePlace,
  type PerFamily,
  type Place,
  type PodPlace,
  type Topology,
} from './topology.ts'

/** Decides every name, address and MAC of a lab. Namespaces are called `labName-…`. Throws LabPlanError. */
export function layOut(plan: LabPlan, labName: string): Topology {
  if (plan.nodes.length === 0 || plan.nodes.length > 200) throw new LabPlanError('a lab has 1 to 200 nodes')
  const pods = plan.pods.map((pod, index) => layOutPod(pod, index, labName))
  const nodes = plan.nodes.map((node, index) => layOutNode(node, index, pods, labName))
  const outside = layOutOutside(plan.outside ?? [], labName)
  const places = new Map<string, Place>()
  for (const place of [...nodes, ...pods, outside]) {
    if (places.has(place.name)) throw new LabPlanError(`two places are called ${place.name}`)
    places.set(place.name, place)
  }
  const topology = { name: labName, arrangement: plan.arrangement, fabric: `${labName}-fabric`, nodes, pods, outside }
  checkSubnets(nodes)
  for (const pod of pods) checkPod(pod, nodes)
  return { ...topology, places, owners: ownersOf([...nodes, ...pods, outside]) }
}

function layOutPod(pod: PodPlan, index: number, labName: string): PodPlace {
  const mac = macAddress(0x10, index)
  return {
    kind: 'pod',
    name: pod.name,
    namespace: `${labName}-pod${index}`,
    node: pod.node,
    addresses: pod.addresses.map(checkedAddress),
    mac,
    linkLocal: linkLocalAddress(mac),
    hostDevice: `veth${index}`,
    hostMac: macAddress(0x11, index),
  }
}

function layOutNode(plan: NodePlan, index: number, allPods: readonly PodPlace[], labName: string): NodePlace {
  const number = index + 1
  const pods = allPods.filter((pod) => pod.node === plan.name)
  const podSubnets: PerFamily<Subnet> = {
    IPv4: chooseSubnet('IPv4', plan, pods) ?? readSubnet(`10.244.${number}.0/24`),
    IPv6: chooseSubnet('IPv6', plan, pods) ?? readSubnet(`fd44:0:0:${number.toString(16)}::/64`),
  }
  return {
    kind: 'node',
    name: plan.name,
    namespace: `${labName}-node${index}`,
    underlay: { IPv4: `100.64.0.${number}`, IPv6: `fd00:ab::${number.toString(16)}` },
    mac: macAddress(0, number),
    podSubnets,
    gateway: { IPv4: addressIn(podSubnets.IPv4, 1), IPv6: addressIn(podSubnets.IPv6, 1) },
    gatewayMac: macAddress(1, number),
    tunnel: {
      IPv4: { device: 'flannel.1', address: addressIn(podSubnets.IPv4, 0), mac: macAddress(2, number) },
      IPv6: { device: 'flannel-v6.1', address: addressIn(podSubnets.IPv6, 0), mac: macAddress(3, number) },
    },
    pods,
  }
}

function layOutOutside(addresses: readonly string[], labName: string): OutsidePlace {
  const underlay = { IPv4: '100.64.0.254', IPv6: 'fd00:ab::fe' }
  return {
    kind: 'outside',
    name: OUTSIDE,
    namespace: `${labName}-outside`,
    underlay,
    mac: macAddress(0x20, 1),
    addresses: [underlay.IPv4, underlay.IPv6, ...addresses.map(checkedAddress)],
  }
}

function chooseSubnet(family: Family, plan: NodePlan, pods: readonly PodPlace[]): Subnet | undefined {
  const given = plan.podSubnets?.find((subnet) => familyOf(subnet) === family)
  if (given !== undefined) return readSubnet(given)
  const address = pods.flatMap((pod) => pod.addresses).find((each) => familyOf(each) === family)
  return address === undefined ? undefined : subnetAround(address, family === 'IPv4' ? 24 : 64)
}

function checkSubnets(nodes: readonly NodePlace[]): void {
  for (const family of FAMILIES) {
    for (const node of nodes) {
      const subnet = node.podSubnets[family]
      const other = nodes.find((each) => each !== node && isInSubnet(each.podSubnets[family], subnet.first))
      if (other !== undefined)
        throw new LabPlanError(`${node.name} and ${other.name} share the pod subnet ${subnet.text}`)
    }
  }
}

function checkPod(pod: PodPlace, nodes: readonly NodePlace[]): void {
  const node = nodes.find((each) => each.name === pod.node)
  if (node === undefined) throw new LabPlanError(`${pod.name} stands on ${pod.node}, which is no node of the plan`)
  if (pod.addresses.length === 0) throw new LabPlanError(`${pod.name} has no address`)
  for (const address of pod.addresses) {
    const subnet = node.podSubnets[familyOf(address)]
    if (isInSubnet(subnet, readAddress(address))) continue
    throw new LabPlanError(`${address} of ${pod.name} is not in ${subnet.text}, the pod subnet of ${node.name}`)
  }
}

function ownersOf(places: readonly Place[]): Map<string, Place> {
  const owners = new Map<string, Place>()
  for (const place of places) {
    for (const address of addressesOf(place).map(canonicalAddress)) {
      const other = owners.get(address)
      if (other !== undefined) throw new LabPlanError(`${other.name} and ${place.name} both own ${address}`)
      owners.set(address, place)
    }
  }
  return owners
}

function addressesOf(place: Place): readonly string[] {
  if (place.kind !== 'node') return place.addresses
  return FAMILIES.flatMap((family) => [place.underlay[family], place.gateway[family], place.tunnel[family].address])
}

function checkedAddress(address: string): string {
  try {
    canonicalAddress(address)
    return address
  } catch (error) {
    throw new LabPlanError(`not an IP address: ${address}`, { cause: error })
  }
}

/** Locally administered; the third byte tells what it belongs to, which helps when reading a capture. */
function macAddress(kind: number, index: number): string {
  const bytes = [0x02, 0x4c, kind, 0, index >> 8, index & 0xff]
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(':')
}
