import { existsSync } from 'node:fs'
import { execaSync } from 'execa'
import type { Arrangement } from './plan.ts'

const PROGRAMS = ['sh', 'ip', 'bridge', 'nft', 'tcpreplay', 'nsenter', 'unshare']

/** One of each that a lab is made of, in namespaces that die with the command. */
const TRIAL = `
ip link add name trial-bridge type bridge
ip link add name trial-veth type veth peer name trial-peer
ip link set dev trial-veth master trial-bridge
ip link add name trial-vxlan type vxlan id 1 dstport 8472 dev trial-peer
ip link set dev trial-peer up
printf '%s' 'table netdev trial { chain ingress { type filter hook ingress device "trial-peer" priority 0; }; }
table inet trial { chain forward { type filter hook forward priority 0; ct state new accept; }; }' | nft -f -
echo 1 > /proc/sys/net/ipv4/ip_forward
`

/**
 * Says in words why no lab can be built here, or returns undefined. Looks at the machine each time (about 50 ms).
 * Not root is a reason too: the remedy is `runInUserNamespace`, or the command that the text names.
 */
export function describeUnavailable(arrangement: Arrangement = 'bridged'): string | undefined {
  if (process.platform !== 'linux') return `network namespaces are Linux's; this is ${process.platform}`
  const missing = PROGRAMS.filter((program) => !isInstalled(program))
  if (missing.length > 0) return `not installed: ${missing.join(', ')} (Debian: iproute2 nftables tcpreplay util-linux)`
  if (process.geteuid?.() !== 0) {
    return 'not root; as an ordinary user run it inside a user namespace: unshare --user --map-root-user --net --mount'
  }
  if (!existsSync('/proc/sys/net/ipv6')) return 'the kernel runs without IPv6'
  if (arrangement === 'bridged' && !existsSync('/proc/sys/net/bridge/bridge-nf-call-iptables')) {
    return 'br_netfilter is not loaded: modprobe br_netfilter'
  }
  const folder = execaSync('sh', ['-c', 'mkdir -p /var/run/netns && test -w /var/run/netns'], { reject: false })
  if (folder.exitCode !== 0) return `no names for network namespaces: ${folder.stderr || '/var/run/netns is read-only'}`
  const trial = execaSync('unshare', ['--net', 'sh', '-e'], { input: TRIAL, reject: false, timeout: 120_000 })
  return trial.exitCode === 0 ? undefined : `network namespaces do not work here: ${trial.stderr.trim()}`
}

function isInstalled(program: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(':')
  return folders.some((folder) => existsSync(`${folder}/${program}`))
}
