import { FAMILIES } from '../../compiler/addresses/address.ts'
import { addAddress, COMMON_SETTINGS, FORWARDING_SETTINGS, type NamespaceSetup } from './namespace-setup.ts'
import { familyOf, HOST_PREFIX, type NodePlace, type PodPlace, type Topology } from './topology.ts'
import { joinUnderlay } from './underlay.ts'

const POD_MTU = 1450
const VXLAN = 'id 1 dstport 8472 nolearning'

/** Nodes and pods as Flannel joins them: veths in cni0, br_netfilter on, VXLAN between the nodes with static tables. */
export function setUpBridged(topology: Topology): NamespaceSetup[] {
  return topology.nodes.flatMap((node) => [setUpNode(node, topology), ...node.pods.map((pod) => setUpPod(pod, node))])
}

function setUpNode(node: NodePlace, topology: Topology): NamespaceSetup {
  const others = topology.nodes.filter((other) => other !== node)
  return {
    namespace: node.namespace,
    settings: [
      ...COMMON_SETTINGS,
      ...FORWARDING_SETTINGS,
      ['net/bridge/bridge-nf-call-iptables', '1'],
      ['net/bridge/bridge-nf-call-ip6tables', '1'],
    ],
    links: [
      `link add name cni0 address ${node.gatewayMac} mtu ${POD_MTU} type bridge`,
      'link set dev cni0 up',
      ...node.pods.flatMap((pod) => [
        `link add name ${pod.hostDevice} address ${pod.hostMac} mtu ${POD_MTU} type veth` +
          ` peer name eth0 address ${pod.mac} mtu ${POD_MTU} netns ${pod.namespace}`,
        `link set dev ${pod.hostDevice} master cni0 up`,
        // As Flannel's CNI configuration asks for, so that a pod reaches itself through its own Service.
        `link set dev ${pod.hostDevice} type bridge_slave hairpin on`,
      ]),
    ],
    configuration: [
      ...joinUnderlay(node, topology),
      ...FAMILIES.map((family) => addAddress(node.gateway[family], node.podSubnets[family].prefix, 'cni0')),
      ...node.pods.flatMap((pod) =>
        pod.addresses.map((address) => `neighbour add ${address} lladdr ${pod.mac} dev cni0 nud permanent`),
      ),
      ...FAMILIES.flatMap((family) => {
        const { device, address, mac } = node.tunnel[family]
        return [
          `link add name ${device} address ${mac} mtu ${POD_MTU} type vxlan ${VXLAN} dev eth0 local ${node.underlay[family]}`,
          `link set dev ${device} up`,
          addAddress(address, HOST_PREFIX[family], device),
        ]
      }),
      ...others.flatMap((other) =>
        FAMILIES.flatMap((family) => {
          const { device, address, mac } = other.tunnel[family]
          return [
            `neighbour add ${address} lladdr ${mac} dev ${device} nud permanent`,
            `route add ${other.podSubnets[family].text} via ${address} dev ${device} onlink`,
          ]
        }),
      ),
    ],
    forwarding: [
      // Known from the start: a frame to a MAC not yet learnt would be flooded, and judged once per port.
      ...node.pods.map((pod) => `fdb replace ${pod.mac} dev ${pod.hostDevice} master static`),
      ...others.flatMap((other) =>
        FAMILIES.map((family) => {
          const { device, mac } = other.tunnel[family]
          return `fdb append ${mac} dev ${device} dst ${other.underlay[family]} self permanent`
        }),
      ),
    ],
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
      ...pod.addresses.map((address) => addAddress(address, node.podSubnets[familyOf(address)].prefix, 'eth0')),
      ...[...new Set(pod.addresses.map(familyOf))].flatMap((family) => [
        `neighbour add ${node.gateway[family]} lladdr ${node.gatewayMac} dev eth0 nud permanent`,
        `route add default via ${node.gateway[family]}`,
      ]),
    ],
    forwarding: [],
  }
}
