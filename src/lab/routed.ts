import { FAMILIES } from '../../compiler/addresses/address.ts'
import { addAddress, COMMON_SETTINGS, FORWARDING_SETTINGS, type NamespaceSetup } from './namespace-setup.ts'
import { familyOf, HOST_PREFIX, type NodePlace, type PodPlace, type Topology } from './topology.ts'
import { joinUnderlay } from './underlay.ts'

/** Nodes and pods as the ptp plugin and host-gw routes join them: a host route per pod, no bridge, no tunnel. */
export function setUpRouted(topology: Topology): NamespaceSetup[] {
  return topology.nodes.flatMap((node) => [setUpNode(node, topology), ...node.pods.map((pod) => setUpPod(pod, node))])
}

function setUpNode(node: NodePlace, topology: Topology): NamespaceSetup {
  const others = topology.nodes.filter((other) => other !== node)
  return {
    namespace: node.namespace,
    settings: [...COMMON_SETTINGS, ...FORWARDING_SETTINGS],
    links: node.pods.flatMap((pod) => [
      `link add name ${pod.hostDevice} address ${pod.hostMac} type veth` +
        ` peer name eth0 address ${pod.mac} netns ${pod.namespace}`,
      `link set dev ${pod.hostDevice} up`,
    ]),
    configuration: [
      ...joinUnderlay(node, topology),
      // The gateway exists on a node without pods too.
      ...FAMILIES.map((family) => addAddress(node.gateway[family], HOST_PREFIX[family], 'lo')),
      ...node.pods.flatMap((pod) =>
        pod.addresses.flatMap((address) => [
          `neighbour add ${address} lladdr ${pod.mac} dev ${pod.hostDevice} nud permanent`,
          // The gateway is what the node speaks to its own pods as.
          `route add ${address} dev ${pod.hostDevice} src ${node.gateway[familyOf(address)]}`,
        ]),
      ),
      // An address of the subnet that no pod owns must not wander to the outside and back.
      ...FAMILIES.map((family) => `route add blackhole ${node.podSubnets[family].text}`),
      ...others.flatMap((other) =>
        FAMILIES.map((family) => `route add ${other.podSubnets[family].text} via ${other.underlay[family]}`),
      ),
    ],
    forwarding: [],
  }
}

function setUpPod(pod: PodPlace, node: NodePlace): NamespaceSetup {
  return {
    namespace: pod.namespace,
    settings: COMMON_SETTINGS,
    links: [],
    configuration: [
      'link set dev lo up',
      'link set dev eth0 up',
      ...pod.addresses.map((address) => addAddress(address, HOST_PREFIX[familyOf(address)], 'eth0')),
      ...[...new Set(pod.addresses.map(familyOf))].flatMap((family) => [
        `neighbour add ${node.gateway[family]} lladdr ${pod.hostMac} dev eth0 nud permanent`,
        `route add ${node.gateway[family]} dev eth0`,
        `route add default via ${node.gateway[family]} dev eth0`,
      ]),
    ],
    forwarding: [],
  }
}
