import { type Family } from '../../compiler/addresses/address.ts'

/** One port of a Service with one endpoint, as kube-proxy would have it. */
export interface ServicePort {
  readonly family: Family
  /** The cluster address; without one only the node port leads to the endpoint. */
  readonly address?: string
  readonly nodePort?: number
  readonly protocol: 'tcp' | 'udp' | 'sctp'
  readonly port: number
  readonly endpoint: string
  readonly targetPort: number
  /** What comes by the node port leaves with the node's address, as with externalTrafficPolicy Cluster; default false. */
  readonly masquerade?: boolean
}

/**
 * Tables in the shape of kube-proxy's nftables mode: verdict maps at dstnat, a chain per endpoint, a mark for what has
 * to be masqueraded at srcnat. A pod that reaches itself is masqueraded always.
 */
export function kubeProxyTables(services: readonly ServicePort[]): string {
  return (['IPv4', 'IPv6'] as const)
    .map((family) =>
      tableText(
        family,
        services.filter((service) => service.family === family),
      ),
    )
    .join('')
}

function tableText(family: Family, services: readonly ServicePort[]): string {
  const [ip, digit] = family === 'IPv4' ? ['ip', 4] : ['ip6', 6]
  const key = `${ip}v${digit}_addr`.replace('ip6v6', 'ipv6')
  const chains = services.flatMap(({ masquerade, nodePort, protocol, endpoint, targetPort }, index) => {
    const target = family === 'IPv4' ? `${endpoint}:${targetPort}` : `[${endpoint}]:${targetPort}`
    return [
      `chain endpoint-${index} { ${ip} saddr ${endpoint} jump mark-for-masquerade; meta l4proto ${protocol} dnat to ${target}; }`,
      ...(nodePort === undefined
        ? []
        : [
            `chain external-${index} { ${masquerade === true ? 'jump mark-for-masquerade; ' : ''}goto endpoint-${index}; }`,
          ]),
    ]
  })
  const clusterElements = services.flatMap(({ address, protocol, port }, index) =>
    address === undefined ? [] : [`${address} . ${protocol} . ${port} : goto endpoint-${index}`],
  )
  const nodeElements = services.flatMap(({ nodePort, protocol }, index) =>
    nodePort === undefined ? [] : [`${protocol} . ${nodePort} : goto external-${index}`],
  )
  return `table ${ip} kube-proxy {
  comment "rules for Services"
  chain mark-for-masquerade { meta mark set meta mark | 0x00004000; }
  ${chains.join('\n  ')}
  map service-ips {
    type ${key} . inet_proto . inet_service : verdict
    ${clusterElements.length === 0 ? '' : `elements = { ${clusterElements.join(', ')} }`}
  }
  map service-nodeports {
    type inet_proto . inet_service : verdict
    ${nodeElements.length === 0 ? '' : `elements = { ${nodeElements.join(', ')} }`}
  }
  chain services {
    ${ip} daddr . meta l4proto . th dport vmap @service-ips
    fib daddr type local meta l4proto . th dport vmap @service-nodeports
  }
  chain nat-prerouting { type nat hook prerouting priority dstnat; policy accept; jump services; }
  chain nat-output { type nat hook output priority -100; policy accept; jump services; }
  chain nat-postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    meta mark & 0x00004000 == 0 return
    meta mark set meta mark ^ 0x00004000
    masquerade fully-random
  }
}
`
}
