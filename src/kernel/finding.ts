/** Stable: labels of a metric, and what an alert can match on. docs/operating.md has a cure for each. */
export const FINDING_IDS = [
  'nft-missing',
  'nft-too-old',
  'nft-without-json',
  'nft-fails',
  'nft-crashes',
  'nft-crashable',
  'host-nft-crashes',
  'no-permission',
  'kernel-refuses',
  'ipv6-refused',
  'kernel-too-old',
  'br-netfilter-absent',
  'bridge-bypass-ipv4',
  'bridge-bypass-ipv6',
  'sysfs-of-another-namespace',
  'ipvs',
  'flowtable',
  'firewalld',
  'other-engine',
  'mark-shared',
  'rulesets-unseen',
  'legacy-iptables-unseen',
  'conntrack-nearly-full',
  'conntrack-unlisted',
  'generation-uncertain',
  'table-unlisted',
  'bridge-vlan-bypass',
  'bridge-local-passes',
  'hold-off',
  'hold-available',
  'cni-cache-unreadable',
  'cni-cache-unwatched',
  'cni-cache-lost',
  'cni-cache-silent',
  'static-pod-unknown',
  'address-differs',
  'boot-table-stands',
  'boot-unit-remains',
] as const

export type FindingId = (typeof FINDING_IDS)[number]

/** Something on this node that stands in the way of enforcing, or may. */
export interface Finding {
  readonly id: FindingId
  /** `blocks`: what is denied may pass, so the agent is not ready. */
  readonly severity: 'blocks' | 'warns'
  readonly problem: string
  readonly cure: string
}
