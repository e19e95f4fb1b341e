import { existsSync, readdirSync } from 'node:fs'
import { POD_BRIDGE } from '../../compiler/nftables/pod-bridge.ts'
import type { Finding, FindingId } from './finding.ts'
import { readValue } from './read-value.ts'

export interface Folders {
  /** Default `/proc`; what is below `net` and `sys/net` belongs to the network namespace of this process. */
  readonly procFolder?: string
  /** Default `/sys`; belongs to the network namespace in which it was mounted. */
  readonly sysFolder?: string
}

const FAMILIES = [
  { id: 'bridge-bypass-ipv4', family: 'IPv4', sysctl: 'bridge-nf-call-iptables', own: 'nf_call_iptables' },
  { id: 'bridge-bypass-ipv6', family: 'IPv6', sysctl: 'bridge-nf-call-ip6tables', own: 'nf_call_ip6tables' },
] as const

/** What checkBridges finds. */
export const BRIDGE_FINDINGS: ReadonlySet<FindingId> = new Set([
  'br-netfilter-absent',
  'bridge-bypass-ipv4',
  'bridge-bypass-ipv6',
  'bridge-vlan-bypass',
  'sysfs-of-another-namespace',
])

/**
 * Do packets between pods of one bridge go through the forward hook? Without br_netfilter they do not, and nothing says so.
 * Only a few small reads, so that it can be asked every few seconds: anybody may change the sysctl, and cni0 comes with the
 * first pod.
 */
export function checkBridges(folders: Folders = {}): readonly Finding[] {
  const { procFolder = '/proc', sysFolder = '/sys' } = folders
  const sysfs = `${sysFolder}/class/net`
  const links = readLinks(procFolder)
  const seen = new Set(namesIn(sysfs))
  const unseen = links.filter((link) => !seen.has(link))
  // A link may have come between the two reads, but not all of them, and never lo.
  if (unseen.includes('lo') || (links.length > 1 && unseen.length >= links.length - 1)) return [wrongSysfs(unseen)]
  const bridges = links.filter((link) => isPodBridge(sysfs, link))
  if (bridges.length === 0) return []
  const names = bridges.join(', ')
  if (!existsSync(`${procFolder}/sys/net/bridge`)) {
    return [
      {
        id: 'br-netfilter-absent',
        severity: 'blocks',
        problem: `pods are on a bridge (${names}) and br_netfilter is not loaded: no rule sees packets between them`,
        cure: 'modprobe br_netfilter, and name it in /etc/modules-load.d/ for the next boot',
      },
    ]
  }
  const findings: Finding[] = []
  for (const { id, family, sysctl, own } of FAMILIES) {
    if (family === 'IPv6' && !existsSync(`${procFolder}/sys/net/ipv6`)) continue
    if (readValue(`${procFolder}/sys/net/bridge/${sysctl}`) === '1') continue
    const open = bridges.filter((bridge) => readValue(`${sysfs}/${bridge}/bridge/${own}`) !== '1')
    if (open.length === 0) continue
    findings.push({
      id,
      severity: 'blocks',
      problem: `${family} packets between pods of ${open.join(', ')} pass no rule: net.bridge.${sysctl} is not 1`,
      cure: `sysctl -w net.bridge.${sysctl}=1, or for one bridge: ip link set ${open[0]} type bridge ${own} 1`,
    })
  }
  return [...findings, ...checkVlanTags(procFolder, names)]
}

/**
 * br_netfilter (Linux 6.18) shows rules a frame with one VLAN tag only if this sysctl is 1, and a frame with two tags
 * never. Receivers ignore tags of number 0, so such a frame reaches a pod without being judged (docs/security.md, VLAN
 * tags).
 */
function checkVlanTags(procFolder: string, bridges: string): readonly Finding[] {
  const value = readValue(`${procFolder}/sys/net/bridge/bridge-nf-filter-vlan-tagged`)
  if (value === undefined || value === '1') return []
  return [
    {
      id: 'bridge-vlan-bypass',
      severity: 'warns',
      problem: `frames with a VLAN tag pass no rule on ${bridges}: a pod with the capability NET_RAW can reach its neighbours with tag 0`,
      cure: 'take NET_RAW from the pods (drop: [NET_RAW]); sysctl -w net.bridge.bridge-nf-filter-vlan-tagged=1 ends it for frames with one tag, not with two',
    },
  ]
}

function readLinks(procFolder: string): readonly string[] {
  const table = readValue(`${procFolder}/net/dev`) ?? ''
  return [...table.matchAll(/^\s*([^\s:]+):/gm)].map(([, name]) => name ?? '')
}

/** Flannel's bridge, or one with a port whose other end is in another network namespace. */
function isPodBridge(sysfs: string, link: string): boolean {
  if (!existsSync(`${sysfs}/${link}/bridge`)) return false
  return link === POD_BRIDGE || namesIn(`${sysfs}/${link}/brif`).some((port) => isVeth(`${sysfs}/${port}`))
}

/** A veth points to its peer, as a VLAN to the link below; but the VLAN has that one here and says so in `lower_…`. */
function isVeth(folder: string): boolean {
  const [index, peer] = [readValue(`${folder}/ifindex`), readValue(`${folder}/iflink`)]
  if (index === undefined || peer === undefined || peer === '0' || index === peer) return false
  return !namesIn(folder).some((entry) => entry.startsWith('lower_'))
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function wrongSysfs(unseen: readonly string[]): Finding {
  return {
    id: 'sysfs-of-another-namespace',
    severity: 'warns',
    problem: `/sys shows another network namespace (it lacks ${unseen.join(', ')}): bridges cannot be checked`,
    cure: "run with the node's own /sys (hostNetwork), or by `ip netns exec`, which mounts the right one",
  }
}
