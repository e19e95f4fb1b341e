import type { Isolation } from '../graph/allow-graph.ts'
import type { Direction } from '../objects/direction.ts'
import type { Pod, Policy } from '../objects/objects.ts'
import type { PodEntry } from './pod-entry.ts'
import { isClosed, type PolicyBook } from './policy-book.ts'

/** What is enforced on this node (of audited policies only what says so): it walks the pods of the node and the selectors of policies, never the cluster's pods. */
export interface LocalView {
  /** The pods of this node that some policy isolates, in no order. */
  isolatedPods(): readonly LocalPod[]
  /** The policies that select a pod of this node, and all with a closed direction, in no order. */
  selections(): readonly Selection[]
  /** All policies with a direction that could not be compiled, wherever their pods are. */
  closedPolicies(): readonly Policy[]
  /** All policies that are only audited, with the pods of this node that they select. */
  audited(): readonly Selection[]
  /** By `namespace/name`. */
  holdsPolicy(name: string): boolean
  counts(): LocalCounts
}

export interface LocalPod {
  readonly pod: Pod
  /** The addresses that it owns. */
  readonly addresses: readonly string[]
  readonly ingress: Isolation
  readonly egress: Isolation
  /** The policies that select it; one list for all pods with equal labels. */
  readonly policies: readonly Policy[]
}

export interface Selection {
  readonly policy: Policy
  /** Its pods of this node; one list for all policies with an equal podSelector. */
  readonly pods: readonly Pod[]
}

export interface LocalCounts {
  readonly isolatedPods: Readonly<Record<Direction, number>>
  /** `enforced`: as written, for a pod of this node. `closed`: those of closedPolicies. `audited`: that select a pod of this node. */
  readonly policies: { readonly enforced: number; readonly closed: number; readonly audited: number }
}

/** Policies with the pods of this node that they select, whether they select any or not. */
export function selectionsOf(book: PolicyBook, policies: Iterable<Policy>): readonly Selection[] {
  return [...policies].map((policy) => ({ policy, pods: book.podsOf(policy).map(({ pod }) => pod) }))
}

/** A view of these entries, which are all subjects, and of the book; both live. */
export function createLocalView(entries: ReadonlySet<PodEntry>, book: PolicyBook): LocalView {
  return {
    isolatedPods() {
      const policiesOf = new Map<PodEntry['subjectBucket'], readonly Policy[]>()
      const pods: LocalPod[] = []
      for (const entry of entries) {
        const { ingress, egress } = entry.isolated
        if (ingress === 'open' && egress === 'open') continue
        let policies = policiesOf.get(entry.subjectBucket)
        if (policies === undefined) policiesOf.set(entry.subjectBucket, (policies = book.policiesOf(entry, 'enforced')))
        pods.push({ pod: entry.pod, addresses: entry.owned, ingress, egress, policies })
      }
      return pods
    },

    selections() {
      const found: Selection[] = []
      for (const { policies, buckets } of book.selectors()) {
        const pods = [...buckets].flatMap(({ members }) => [...members].map(({ pod }) => pod))
        for (const policy of policies.values()) if (pods.length > 0 || isClosed(policy)) found.push({ policy, pods })
      }
      return found
    },

    closedPolicies: () => [...book.closed()],
    audited: () => selectionsOf(book, book.audited()),
    holdsPolicy: (name) => book.holds(name),

    counts() {
      const isolatedPods = { ingress: 0, egress: 0 }
      for (const { isolated } of entries) {
        isolatedPods.ingress += Number(isolated.ingress !== 'open')
        isolatedPods.egress += Number(isolated.egress !== 'open')
      }
      let [selecting, asking] = [0, 0]
      for (const { policies, audited, buckets } of book.selectors()) {
        if (buckets.size === 0) continue
        selecting += policies.size
        asking += audited.size
      }
      let closed = 0
      for (const policy of book.closed()) {
        closed += 1
        selecting -= Number(book.selectsAny(policy))
      }
      return { isolatedPods, policies: { enforced: selecting, closed, audited: asking } }
    },
  }
}
