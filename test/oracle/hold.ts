import { inCidr } from './in-block.ts'
import { addressesOf, namespaceOf, ownerOf } from './owner-of.ts'
import type { RawCluster, RawPod } from './raw-cluster.ts'

/** What a node knows beside the cluster: which network the runtime gave to which pod, and for which subnets it holds. */
export interface RawHold {
  readonly node: string
  readonly subnets: readonly string[]
  readonly excepts?: readonly string[]
  readonly sandboxes: readonly RawSandbox[]
}

/** A sandbox by the words of its file. */
export interface RawSandbox {
  readonly key: string
  readonly uid: string
  readonly namespace: string
  readonly name: string
  readonly addresses: readonly string[]
  /** The greater is the newer. */
  readonly order: number
  /** Its file is gone. */
  readonly ended?: boolean
  /** Its file has stood for some time. */
  readonly aged?: boolean
}

/**
 * The cluster as it is on that node, whatever the pods' status says: an address that a live sandbox has is its pod's alone, if that is
 * known by its uid and bound here, else nobody's; and of a family in which its sandbox has an address a pod has no other.
 */
export function inTruth(cluster: RawCluster, { node, sandboxes }: RawHold): RawCluster {
  const live = sandboxes.filter((one) => one.ended !== true && !isReplaced(one, sandboxes))
  const holderOf = (address: string) => newest(live.filter(({ addresses }) => addresses.includes(address)))
  const pods = cluster.pods.map((pod): RawPod => {
    const isHere = pod.spec?.nodeName === node && pod.spec?.hostNetwork !== true
    const own = newest(live.filter((one) => isOf(one, pod)))
    const given = isHere ? (own?.addresses ?? []) : []
    const told = addressesOf(pod).filter((address) => !given.some((one) => one.includes(':') === address.includes(':')))
    const addresses = [...given, ...told].filter((address) => {
      const holder = holderOf(address)
      return holder === undefined || holder === own
    })
    return { ...pod, status: { ...pod.status, podIP: undefined, podIPs: addresses.map((ip) => ({ ip })) } }
  })
  return { ...cluster, pods }
}

/** Is nothing from or to the address to pass? Asked of the cluster as it is in truth. */
export function isHeld(address: string, truth: RawCluster, hold: RawHold): boolean {
  if (truth.policies.length === 0 || !hold.subnets.some((subnet) => inCidr(address, subnet))) return false
  if (hold.excepts?.some((except) => inCidr(address, except)) === true) return false
  return tenantOf(address, truth, hold) === undefined
}

/**
 * Is it held as an end of a packet that goes from the bridge of the pods to the bridge of the pods? There everybody is a neighbour, and in
 * IPv6 an address that nobody gave is as good as any; what no router sends on is not the hold's.
 */
export function isHeldOnBridge(address: string, truth: RawCluster, hold: RawHold): boolean {
  if (isHeld(address, truth, hold)) return true
  if (truth.policies.length === 0 || !address.includes(':')) return false
  if (['fe80::/10', 'ff00::/8', ...(hold.excepts ?? [])].some((block) => inCidr(address, block))) return false
  return tenantOf(address, truth, hold) === undefined
}

/** The pod of this node that may use the address. */
export function tenantOf(address: string, truth: RawCluster, { node, sandboxes }: RawHold): RawPod | undefined {
  const owner = ownerOf(address, truth.pods)
  if (owner === undefined || owner.spec?.nodeName !== node) return undefined
  if (!truth.namespaces.some(({ metadata }) => metadata.name === namespaceOf(owner))) return undefined
  const own = sandboxes.filter((one) => isOf(one, owner) && one.addresses.includes(address))
  // A file that a newer one of its pod has replaced never counts again.
  const counts = own.some((one) => one.ended !== true && !isReplaced(one, sandboxes))
  const isLost = own.some(({ ended }) => ended === true) && !counts
  return isLost ? undefined : owner
}

function isOf({ namespace, name, uid }: RawSandbox, pod: RawPod): boolean {
  return namespace === namespaceOf(pod) && name === pod.metadata.name && uid === pod.metadata.uid
}

function isReplaced(one: RawSandbox, all: readonly RawSandbox[]): boolean {
  const samePod = (other: RawSandbox) =>
    other.namespace === one.namespace && other.name === one.name && other.uid === one.uid
  return all.some((other) => samePod(other) && other.ended !== true && other.order > one.order)
}

function newest(sandboxes: readonly RawSandbox[]): RawSandbox | undefined {
  return sandboxes.toSorted((left, right) => right.order - left.order)[0]
}
