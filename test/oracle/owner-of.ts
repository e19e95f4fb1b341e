import { addressBits } from './address-bits.ts'
import type { RawPod } from './raw-cluster.ts'

/**
 * The pod that an address belongs to; undefined for every address outside. Host-network pods own nothing (the address is
 * their node's), nor do finished ones. Of several: first one that is not terminating, then the newest
 * creationTimestamp, then the smaller uid, then the smaller text `namespace/name`.
 */
export function ownerOf(address: string, pods: readonly RawPod[]): RawPod | undefined {
  const bits = addressBits(address)
  if (bits === undefined) throw new Error(`not an address: ${address}`)
  return pods
    .filter((pod) => pod.spec?.hostNetwork !== true && !isFinished(pod))
    .filter((pod) => addressesOf(pod).some((own) => addressBits(own) === bits))
    .toSorted(byClaim)[0]
}

/** status.podIPs, or status.podIP alone. */
export function addressesOf(pod: RawPod): readonly string[] {
  const several = (pod.status?.podIPs ?? []).map((podIp) => podIp.ip)
  const single = pod.status?.podIP
  if (several.length > 0) return several
  return single ? [single] : []
}

export function namespaceOf(object: { readonly metadata: RawPod['metadata'] }): string {
  return object.metadata.namespace ?? 'default'
}

function isFinished(pod: RawPod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'
}

function byClaim(left: RawPod, right: RawPod): number {
  return (
    Number(isTerminating(left)) - Number(isTerminating(right)) ||
    compareText(right.metadata.creationTimestamp ?? '', left.metadata.creationTimestamp ?? '') ||
    compareText(left.metadata.uid ?? '', right.metadata.uid ?? '') ||
    compareText(`${namespaceOf(left)}/${left.metadata.name}`, `${namespaceOf(right)}/${right.metadata.name}`)
  )
}

function isTerminating(pod: RawPod): boolean {
  return (pod.metadata.deletionTimestamp ?? '') !== ''
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
