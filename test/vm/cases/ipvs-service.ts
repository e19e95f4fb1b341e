import { FAMILIES } from '../../../compiler/addresses/address.ts'
import type { Lab } from '../../../src/lab/lab.ts'
import { addressOf, POD_NAMES } from '../../kernel/kernel-lab.ts'

/** A port of a Service in IPVS, with one server. */
export interface VirtualServer {
  readonly protocol: 'tcp' | 'udp' | 'sctp'
  readonly address: string
  readonly port: number
  readonly server: string
  readonly serverPort: number
}

/**
 * What kube-proxy in IPVS mode does on a node: a link kube-ipvs0 with the Services' addresses, conntrack switched on, and a virtual
 * server for each port, by masquerading (kubernetes pkg/proxy/ipvs/proxier.go).
 */
export async function setUpIpvs(
  lab: Lab,
  node: string,
  addresses: readonly string[],
  servers: readonly VirtualServer[],
): Promise<void> {
  const lines = [
    'echo 1 > /proc/sys/net/ipv4/vs/conntrack',
    'ip link add kube-ipvs0 type dummy',
    ...addresses.map((address) =>
      address.includes(':')
        ? `ip address add ${address}/128 dev kube-ipvs0 nodad`
        : `ip address add ${address}/32 dev kube-ipvs0`,
    ),
    ...servers.flatMap(({ protocol, address, port, server, serverPort }) => {
      const service = `--${protocol}-service ${socket(address, port)}`
      return [
        `ipvsadm --add-service ${service} --scheduler rr`,
        `ipvsadm --add-server ${service} --real-server ${socket(server, serverPort)} --masquerading`,
      ]
    }),
  ]
  const { exitCode, stderr } = await lab.exec(node, ['sh', '-ec', lines.join('\n')], { timeoutMilliseconds: 120_000 })
  if (exitCode !== 0) throw new Error(`IPVS is not set up: ${stderr}`)
}

/** And what it masquerades: pods that reach themselves, and whatever comes by a node port. */
export function masqueradeTables(nodePorts: readonly number[]): string {
  return FAMILIES.map((family) => {
    const ip = family === 'IPv4' ? 'ip' : 'ip6'
    const pairs = POD_NAMES.map((name) => `${addressOf(name, family)} . ${addressOf(name, family)}`)
    return `table ${ip} kube-proxy {
  chain nat-prerouting {
    type nat hook prerouting priority dstnat; policy accept;
    fib daddr type local th dport { ${nodePorts.join(', ')} } meta mark set meta mark | 0x00004000
  }
  chain nat-postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    ${ip} saddr . ${ip} daddr { ${pairs.join(', ')} } masquerade
    meta mark & 0x00004000 == 0 return
    masquerade fully-random
  }
}
`
  }).join('')
}

function socket(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}
