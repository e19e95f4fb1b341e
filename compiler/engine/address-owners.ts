import type { PodEntry } from './pod-entry.ts'

/** Who owns an address when several pods claim it. A function of the claims, never of their order. */
export interface AddressOwners {
  claim(entry: PodEntry): void
  withdraw(entry: PodEntry): void
  ownerOf(address: string): PodEntry | undefined
  claimantsOf(address: string): readonly PodEntry[]
}

/** Finished pods have given their addresses back; a host-network pod's address is its node's. */
export function claimedAddresses({ pod }: PodEntry): readonly string[] {
  return pod.finished || pod.hostNetwork ? [] : pod.addresses
}

export function createAddressOwners(): AddressOwners {
  // Nearly every address has one claimant: a list for each would cost more than the pods.
  const claims = new Map<string, PodEntry | readonly PodEntry[]>()

  function claimantsOf(address: string): readonly PodEntry[] {
    const found = claims.get(address)
    return found === undefined ? [] : 'key' in found ? [found] : found
  }

  function store(address: string, claimants: readonly PodEntry[]): void {
    const [only, ...others] = claimants
    if (only === undefined) claims.delete(address)
    else claims.set(address, others.length === 0 ? only : claimants)
  }

  return {
    claim(entry) {
      for (const address of claimedAddresses(entry)) store(address, [...claimantsOf(address), entry])
    },
    withdraw(entry) {
      for (const address of claimedAddresses(entry)) {
        store(
          address,
          claimantsOf(address).filter((other) => other !== entry),
        )
      }
    },
    ownerOf(address) {
      const found = claims.get(address)
      return found === undefined || 'key' in found ? found : found.toSorted(byRight)[0]
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
    compare(left.key, right.key)
  )
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
