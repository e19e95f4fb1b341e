import { FAMILIES } from '../../compiler/addresses/address.ts'
import { kubeProxyTables } from '../kernel/kube-proxy.ts'
import { addressesOf } from './fault-lab.ts'

/** In the shape of what Flannel writes in its nftables mode. */
const FLANNEL = FAMILIES.map((family) => {
  const [ip, table, pods] =
    family === 'IPv4' ? ['ip', 'flannel-ipv4', '10.244.0.0/16'] : ['ip6', 'flannel-ipv6', 'fd44::/48']
  return `table ${ip} ${table} {
  comment "rules for ${table}"
  chain forward {
    type filter hook forward priority filter; policy accept;
    ${ip} saddr ${pods} accept
    ${ip} daddr ${pods} accept
  }
  chain postrtg {
    type nat hook postrouting priority srcnat; policy accept;
    meta mark 0x00004000 return
    ${ip} saddr ${pods} ${ip} daddr ${pods} return
    ${ip} saddr ${pods} ${ip} daddr != ${family === 'IPv4' ? '224.0.0.0/4' : 'ff00::/8'} masquerade fully-random
  }
}
`
}).join('')

/** In the shape of Docker's: interface names in verdict maps. */
const DOCKER = `table ip docker-bridges {
  map filter-forward-in-jumps { type ifname : verdict; elements = { "docker0" : jump filter-forward-in__docker0 }; }
  chain filter-forward-in__docker0 { ct state established,related counter accept; iifname "docker0" accept; drop; }
  chain filter-FORWARD { type filter hook forward priority filter; policy accept; oifname vmap @filter-forward-in-jumps; }
}
`

const [database = ''] = addressesOf('db')

/** In the shape of kube-proxy's iptables mode, as iptables-nft has it in nftables: upper case, chains that jump to chains. */
const KUBE_PROXY_IPTABLES = `table ip nat {
  chain KUBE-MARK-MASQ { meta mark set meta mark or 0x4000; }
  chain KUBE-SEP-AAAAAAAAAAAAAAAA { ip saddr ${database} jump KUBE-MARK-MASQ; meta l4proto udp dnat to ${database}:53; }
  chain KUBE-SVC-BBBBBBBBBBBBBBBB { goto KUBE-SEP-AAAAAAAAAAAAAAAA; }
  chain KUBE-SERVICES { ip daddr 10.96.0.40 udp dport 53 goto KUBE-SVC-BBBBBBBBBBBBBBBB; }
  chain KUBE-POSTROUTING { meta mark & 0x4000 == 0 return; meta mark set meta mark xor 0x4000; masquerade fully-random; }
  chain PREROUTING { type nat hook prerouting priority dstnat; policy accept; jump KUBE-SERVICES; }
  chain POSTROUTING { type nat hook postrouting priority srcnat; policy accept; jump KUBE-POSTROUTING; }
}
table ip filter {
  chain KUBE-FORWARD { ct state invalid drop; meta mark & 0x4000 == 0x4000 accept; ct state related,established accept; }
  chain FORWARD { type filter hook forward priority filter; policy accept; jump KUBE-FORWARD; }
}
`

const KUBE_PROXY_NFTABLES = kubeProxyTables(
  FAMILIES.map((family, index) => ({
    family,
    address: family === 'IPv4' ? '10.96.0.30' : 'fd96::30',
    protocol: 'udp',
    port: 53,
    endpoint: addressesOf('db')[index] ?? '',
    targetPort: 53,
  })),
)

export const TABLES_OF_OTHERS = KUBE_PROXY_NFTABLES + KUBE_PROXY_IPTABLES + FLANNEL + DOCKER
