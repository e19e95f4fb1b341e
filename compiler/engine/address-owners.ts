import { familyOf } from '../addresses/family-of.ts'
import { podKey } from '../objects/pod-name.ts'
import type { PodEntry } from './pod-entry.ts'
import type { SandboxBook } from './sandbox-book.ts'

/** Who owns an address when several pods claim it. A function of the claims, never of their order. */
export interface AddressOwners {
  claim(entry: PodEntry): void
  withdraw(entry: PodEntry): void
  ownerOf(address: string): PodEntry | undefined
  claimantsOf(address: string): readonly PodEntry[]
}

export interface AddressOwnersOptions {
  /** What a pod claims now; it must not change between its claim and its withdrawal. */
  readonly claimsOf: (entry: PodEntry) => readonly string[]
  readonly sandboxes: SandboxBook
}

/**
 * The addresses that a pod claims. Finished pods have given theirs back; a host-network pod's address is its node's. Of this node's
 * pods the runtime knows better than their status, which is late and stale after a restart.
 */
export function claimedAddresses({ pod }: PodEntry, isLocal: boolean, sandboxes: SandboxBook): readonly string[] {
  if (pod.finished || pod.hostNetwork) return []
  if (!isLocal) return pod.addresses
  const sandbox = sandboxes.ofPod(pod)
  if (sandbox === undefined) return pod.addresses
  const families = new Set(sandbox.addresses.map(familyOf))
  return [...sandbox.addresses, ...pod.addresses.filter((address) => !families.has(familyOf(address)))]
}

/** Nobody claims anything yet. */
export function createAddressOwners({ claimsOf, sandboxes }: AddressOwnersOptions): AddressOwners {
  // Nearly every address has one claimant: a list for each would cost more than the pods.
  const claims = new Map<string, PodEntry | readonly PodEntry[]>()

  function claimantsOf(address: string): readonly PodEntry[] {
    const found = claims.get(address)
    return found === undefined ? [] : 'pod' in found ? [found] : found
  }

  function store(address: string, claimants: readonly PodEntry[]): void {
    const [only, ...others] = claimants
    if (only === undefined) claims.delete(address)
    else claims.set(address, others.length === 0 ? only : claimants)
  }

  return {
    claim(entry) {
      for (const address of claimsOf(entry)) store(address, [...claimantsOf(address), entry])
    },
    withdraw(entry) {
      for (const address of claimsOf(entry)) {
        store(
          address,
          claimantsOf(address).filter((other) => other !== entry),
        )
      }
    },
    ownerOf(address) {
      const sandbox = sandboxes.at(address)
      // Who is in it may not be known yet: then it is nobody's, whatever a pod's status says.
      if (sandbox !== undefined) return claimantsOf(address).find(({ pod }) => sandboxes.ofPod(pod) === sandbox)
      const found = claims.get(address)
      return found === undefined || 'pod' in found ? found : found.toSorted(byRight)[0]
    },
    claimantsOf,
  }
}

/** Not terminating before terminating, then the newest, then by uid, then by name (docs/semantics.md). */
function byRight(left: PodEntry, right: PodEntry): number {
  return (
    Number(left.pod.terminating) - Number(right.pod.terminating) ||
    compare(right.pod.createdAt, left.pod.createdAt) ||
    compare(left.pod.uid, right.pod.uid) ||
    compare(podKey(left.pod), podKey(right.pod))
  )
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
