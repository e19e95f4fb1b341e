import type { LabelSet } from '../objects/label-set.ts'
import { type AnchoredTable, createAnchoredTable } from './anchored-table.ts'
import { createBucketTable } from './bucket-table.ts'
import { inPeerGroup } from './in-peer-group.ts'
import type { PeerGroup } from './peer-group.ts'

/** Members with one namespace and one label set: they are in the same groups, so membership is kept per bucket. */
export interface Bucket<Member> {
  readonly namespace: string
  readonly labels: LabelSet
  readonly members: Set<Member>
  /** The groups in use that these members are in. */
  readonly groups: Set<GroupNode<Member>>
}

/** A group in use and where its members are. */
export interface GroupNode<Member> {
  readonly group: PeerGroup
  readonly buckets: Set<Bucket<Member>>
}

/**
 * Knows the members of every group in use, and the groups of every member. What it holds depends only on the
 * namespaces, members and groups that are in it now, never on the order in which they came.
 */
export interface MembershipIndex<Member> {
  /** Adds a member (once) and returns its bucket. */
  add(member: Member, namespace: string, labels: LabelSet): Bucket<Member>
  remove(member: Member, bucket: Bucket<Member>): void
  /** Puts a group in use; the same key again returns the same node. */
  use(group: PeerGroup): GroupNode<Member>
  drop(key: string): void
  /** The buckets of a namespace, say to capture what depends on them before its labels change. */
  bucketsIn(namespace: string): Iterable<Bucket<Member>>
}

/** An empty index; `namespaceLabels` tells a namespace's labels as they are now. */
export function createMembershipIndex<Member>(
  namespaceLabels: (namespace: string) => LabelSet,
): MembershipIndex<Member> {
  type Node = GroupNode<Member>
  const groups = new Map<string, Node>()
  const scopes = createScopes<Node>()
  const places = createBucketTable<Bucket<Member>>()

  return {
    add(member, namespace, labels) {
      let bucket = places.get(namespace, labels)
      if (bucket === undefined) {
        bucket = { namespace, labels, members: new Set(), groups: new Set() }
        places.add(bucket, namespaceLabels(namespace))
        for (const node of scopes.select(namespace, namespaceLabels(namespace), labels)) {
          bucket.groups.add(node)
          node.buckets.add(bucket)
        }
      }
      bucket.members.add(member)
      return bucket
    },

    remove(member, bucket) {
      bucket.members.delete(member)
      if (bucket.members.size > 0) return
      for (const node of bucket.groups) node.buckets.delete(bucket)
      places.remove(bucket)
    },

    use(group) {
      const known = groups.get(group.key)
      if (known !== undefined) return known
      const node: Node = { group, buckets: new Set() }
      groups.set(group.key, node)
      scopes.add(node)
      for (const bucket of places.candidates(group)) {
        const namespace = { name: bucket.namespace, labels: namespaceLabels(bucket.namespace).labels }
        if (!inPeerGroup(group, namespace, bucket.labels.labels)) continue
        bucket.groups.add(node)
        node.buckets.add(bucket)
      }
      return node
    },

    drop(key) {
      const node = groups.get(key)
      if (node === undefined) return
      groups.delete(key)
      scopes.remove(node)
      for (const bucket of node.buckets) bucket.groups.delete(node)
    },

    bucketsIn: (namespace) => places.inNamespace(namespace),
  }
}

/** Groups by namespace scope: a table for each namespace that is named, one for each namespace selector. */
function createScopes<Node extends { readonly group: PeerGroup }>() {
  const named = new Map<string, AnchoredTable<Node>>()
  const selected = new Map<string, AnchoredTable<Node>>()
  const selectors = createAnchoredTable<AnchoredTable<Node>>()

  return {
    add(node: Node): void {
      const scope = node.group.namespaces
      const [tables, key] =
        scope.kind === 'named' ? ([named, scope.name] as const) : ([selected, scope.selector.key] as const)
      let table = tables.get(key)
      if (table === undefined) {
        table = createAnchoredTable<Node>()
        tables.set(key, table)
        if (scope.kind === 'selected') selectors.add(scope.selector, table)
      }
      table.add(node.group.pods, node)
    },

    remove(node: Node): void {
      const scope = node.group.namespaces
      const [tables, key] =
        scope.kind === 'named' ? ([named, scope.name] as const) : ([selected, scope.selector.key] as const)
      const table = tables.get(key)
      table?.remove(node.group.pods, node)
      if (table?.size !== 0) return
      tables.delete(key)
      if (scope.kind === 'selected') selectors.remove(scope.selector, table)
    },

    *select(namespace: string, namespaceLabels: LabelSet, podLabels: LabelSet): Iterable<Node> {
      yield* named.get(namespace)?.select(podLabels.labels) ?? []
      for (const table of selectors.select(namespaceLabels.labels)) yield* table.select(podLabels.labels)
    },
  }
}
