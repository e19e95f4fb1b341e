import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { blockRange } from '../addresses/block-range.ts'
import type { Block } from '../addresses/block.ts'
import { formatAddress } from '../addresses/format-address.ts'
import type { Pod } from '../objects/objects.ts'

/**
 * Gives each `eligible` pod that has no address one of the pod range; by default those that stand for workloads. A hash of
 * kind, namespace and name chooses it, so it stays the same when other workloads come and go; if it is in use, the next
 * free one is taken. Undefined: the range is full.
 */
export function assignAddresses(
  pods: readonly Pod[],
  podRange: Block,
  eligible: (pod: Pod) => boolean = isStandIn,
): readonly Pod[] | undefined {
  const used = new Set(pods.flatMap(({ addresses }) => addresses))
  const { first, last } = blockRange(podRange)
  const size = last - first + 1n
  // In the order of their names, so that the order of documents does not show where two meet.
  const waiting = pods
    .filter((pod) => needsAddress(pod) && eligible(pod))
    .sort((left, right) => (identity(left) < identity(right) ? -1 : 1))
  if (BigInt(waiting.length + used.size) > size) return undefined

  const assigned = new Map<Pod, Pod>()
  for (const pod of waiting) {
    let offset = hash(identity(pod)) % size
    let address = formatAddress({ family: podRange.family, value: first + offset })
    while (used.has(address)) {
      offset = (offset + 1n) % size
      address = formatAddress({ family: podRange.family, value: first + offset })
    }
    used.add(address)
    assigned.set(pod, { ...pod, addresses: [address] })
  }
  return pods.map((pod) => assigned.get(pod) ?? pod)
}

function isStandIn(pod: Pod): boolean {
  return pod.standIn === true
}

function needsAddress(pod: Pod): boolean {
  return !pod.hostNetwork && !pod.finished && pod.addresses.length === 0
}

function identity(pod: Pod): string {
  return `${pod.workload?.kind ?? ''}/${pod.namespace}/${pod.name}`
}

function hash(text: string): bigint {
  const digest = sha256(utf8ToBytes(text))
  return new DataView(digest.buffer, digest.byteOffset).getBigUint64(0)
}
