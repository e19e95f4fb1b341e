/** How pods reach the rest: through a bridge and VXLAN as with Flannel, or through one routed veth each (ptp, host-gw). */
export type Arrangement = 'bridged' | 'routed'

export interface NodePlan {
  readonly name: string
  /** CIDRs, at most one per family; default: the /24 and the /64 around the node's pods, else 10.244.N.0/24, fd44:0:0:N::/64. */
  readonly podSubnets?: readonly string[]
}

export interface PodPlan {
  /** Unique among pods and nodes; any text, such as 'shop/web-0'. */
  readonly name: string
  readonly node: string
  /** IPv4, IPv6 or both, within the pod subnets of the node. */
  readonly addresses: readonly string[]
}

export interface LabPlan {
  readonly arrangement: Arrangement
  readonly nodes: readonly NodePlan[]
  readonly pods: readonly PodPlan[]
  /** Addresses that the host outside the cluster owns beside its own; only real sockets need them. */
  readonly outside?: readonly string[]
}

/** The name of the host outside the cluster, wherever a place is asked for. */
export const OUTSIDE = 'outside'
