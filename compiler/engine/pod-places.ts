import type { LabelSet } from '../objects/label-set.ts'
import type { Namespace, Pod } from '../objects/objects.ts'
import { podName } from '../objects/pod-name.ts'
import type { Sandbox } from '../objects/sandbox.ts'
import type { MembershipIndex } from '../selectors/membership-index.ts'
import type { AddressOwners } from './address-owners.ts'
import type { LastChanges } from './change.ts'
import { createPodEntry, type PodEntry } from './pod-entry.ts'
import type { PodMap } from './pod-map.ts'
import type { PolicyBook } from './policy-book.ts'

/** Where pods stand in the two indexes: as peers by their addresses, and those of this node as subjects of policies. */
export interface PodPlaces {
  /** Everything whose place may change: pods of the batch, rivals for their addresses, pods of relabelled namespaces. */
  affectedBy(last: LastChanges, sandboxed: readonly Sandbox[]): Set<PodEntry>
  detach(entry: PodEntry): void
  attach(entry: PodEntry): void
}

/** What it puts in order; all live. */
export interface PlaceParts {
  readonly isLocal: (pod: Pod) => boolean
  readonly pods: PodMap
  /** The subjects: pods of this node that policies may select. */
  readonly locals: Set<PodEntry>
  readonly owners: AddressOwners
  readonly claimsOf: (entry: PodEntry) => readonly string[]
  readonly peers: MembershipIndex<PodEntry>
  readonly subjects: MembershipIndex<PodEntry>
  readonly book: PolicyBook
  /** Of a namespace as it would be. */
  readonly labelsOf: (name: string, namespace: Namespace | undefined) => LabelSet
  readonly namespaceLabels: (name: string) => LabelSet
}

export function createPodPlaces(parts: PlaceParts): PodPlaces {
  const { isLocal, pods, locals, owners, claimsOf, peers, subjects, book, labelsOf, namespaceLabels } = parts

  return {
    affectedBy(last, sandboxed) {
      const affected = new Set<PodEntry>()
      for (const [key, pod] of last.pods) {
        const known = pods.get(key)
        if (known !== undefined) affected.add(known)
        const claims = [known, pod && createPodEntry(pod)].flatMap((entry) => (entry ? claimsOf(entry) : []))
        for (const address of claims) for (const rival of owners.claimantsOf(address)) affected.add(rival)
      }
      for (const { namespace, name, addresses } of sandboxed) {
        const named = pods.get(podName({ namespace, name }))
        // With its sandboxes the pod gains or loses addresses, those of its status too.
        const claims = named === undefined ? addresses : [...addresses, ...named.pod.addresses]
        if (named !== undefined) affected.add(named)
        for (const rival of claims.flatMap(owners.claimantsOf)) affected.add(rival)
      }
      for (const [name, namespace] of last.namespaces) {
        if (labelsOf(name, namespace).key === namespaceLabels(name).key) continue
        // A pod without an address is nobody's peer, and as a subject it does not depend on its namespace's labels.
        for (const bucket of peers.bucketsIn(name)) for (const entry of bucket.members) affected.add(entry)
      }
      return affected
    },

    detach(entry) {
      if (entry.peerBucket !== undefined) peers.remove(entry, entry.peerBucket)
      if (entry.subjectBucket !== undefined) {
        subjects.remove(entry, entry.subjectBucket)
        book.leave(entry)
      }
      entry.peerBucket = undefined
      entry.subjectBucket = undefined
      locals.delete(entry)
    },

    attach(entry) {
      const { namespace, labels, finished, hostNetwork } = entry.pod
      const claimed = claimsOf(entry)
      // Nearly always all of them: a list of its own for each of 100,000 pods is 20 MiB.
      const ownsAll = claimed.every((address) => owners.ownerOf(address) === entry)
      entry.owned = ownsAll ? claimed : claimed.filter((address) => owners.ownerOf(address) === entry)
      if (entry.owned.length > 0) entry.peerBucket = peers.add(entry, namespace, labels)
      // A pod without an address yet is a subject already: its isolation then stands before its first packet.
      if (!finished && !hostNetwork && isLocal(entry.pod)) {
        entry.subjectBucket = subjects.add(entry, namespace, labels)
        locals.add(entry)
      }
    },
  }
}
