import { FAMILIES } from '../../compiler/addresses/address.ts'
import { addAddress, COMMON_SETTINGS, type NamespaceSetup } from './namespace-setup.ts'
import { familyOf, HOST_PREFIX, type NodePlace, type Topology, UNDERLAY_PREFIX } from './topology.ts'

/** Room for an IPv6 VXLAN header around the pods' 1450 bytes. */
const UNDERLAY_MTU = 1550

/** The bridge that joins the nodes and the outside. It is a wire: netfilter does not look at it. */
export function setUpFabric(topology: Topology): NamespaceSetup {
  const ends = [...topology.nodes, topology.outside].map(({ namespace, mac }, index) => ({ namespace, mac, index }))
  return {
    namespace: topology.fabric,
    settings: [...COMMON_SETTINGS, ['net/ipv6/conf/default/disable_ipv6', '1']],
    links: [
      `link add name underlay mtu ${UNDERLAY_MTU} type bridge mcast_snooping 0`,
      ...ends.map(
        ({ namespace, mac, index }) =>
          `link add name port${index} mtu ${UNDERLAY_MTU} type veth` +
          ` peer name eth0 mtu ${UNDERLAY_MTU} address ${mac} netns ${namespace}`,
      ),
      ...ends.map(({ index }) => `link set dev port${index} master underlay up`),
      'link set dev underlay up',
    ],
    configuration: [],
    forwarding: ends.map(({ mac, index }) => `fdb replace ${mac} dev port${index} master static`),
  }
}

/** The host outside the cluster: it reaches each node's pods through that node. */
export function setUpOutside(topology: Topology): NamespaceSetup {
  const { outside, nodes } = topology
  const extra = outside.addresses.filter((address) => address !== outside.underlay[familyOf(address)])
  return {
    namespace: outside.namespace,
    settings: COMMON_SETTINGS,
    links: [],
    configuration: [
      'link set dev lo up',
      'link set dev eth0 up',
      ...FAMILIES.map((family) => addAddress(outside.underlay[family], UNDERLAY_PREFIX[family], 'eth0')),
      ...extra.map((address) => addAddress(address, HOST_PREFIX[familyOf(address)], 'lo')),
      ...nodes.flatMap((node) => [
        ...neighboursOnUnderlay(node),
        ...FAMILIES.map((family) => `route add ${node.podSubnets[family].text} via ${node.underlay[family]}`),
      ]),
    ],
    forwarding: [],
  }
}

/** A node's side of the underlay: its addresses, the other ends' MACs, and everything unknown goes to the outside. */
export function joinUnderlay(node: NodePlace, topology: Topology): string[] {
  const { outside, nodes } = topology
  return [
    'link set dev lo up',
    'link set dev eth0 up',
    ...FAMILIES.map((family) => addAddress(node.underlay[family], UNDERLAY_PREFIX[family], 'eth0')),
    ...[...nodes, outside].filter((other) => other !== node).flatMap(neighboursOnUnderlay),
    ...FAMILIES.map((family) => `route add default via ${outside.underlay[family]}`),
    // Said one by one as well: an outside address may lie in a range that the node routes elsewhere.
    ...outside.addresses
      .filter((address) => address !== outside.underlay[familyOf(address)])
      .map((address) => `route add ${address} via ${outside.underlay[familyOf(address)]}`),
  ]
}

function neighboursOnUnderlay(end: Pick<NodePlace, 'underlay' | 'mac'>): string[] {
  return FAMILIES.map((family) => `neighbour add ${end.underlay[family]} lladdr ${end.mac} dev eth0 nud permanent`)
}
