import type { LabelSet } from '../objects/label-set.ts'
import type { Selector } from '../objects/selector.ts'
import { createFiled, type Filed } from './filed.ts'
import { matchesSelector } from './matches-selector.ts'
import type { PeerGroup } from './peer-group.ts'
import { labelAnchors, selectorAnchors } from './selector-anchors.ts'

/** Buckets, found by their namespace, by the labels of their namespace, and by their own labels. */
export interface BucketTable<Bucket> {
  get(namespace: string, labels: LabelSet): Bucket | undefined
  /** The first bucket of a namespace brings the labels under which that namespace is found until its last one has gone. */
  add(bucket: Bucket, namespaceLabels: LabelSet): void
  remove(bucket: Bucket): void
  /** All buckets that can hold members of the group, and others: by the shortest way that leads to them. */
  candidates(group: PeerGroup): Iterable<Bucket>
  inNamespace(namespace: string): Iterable<Bucket>
}

/** An empty table. */
export function createBucketTable<Bucket extends Placed>(): BucketTable<Bucket> {
  type Namespace = { readonly labels: LabelSet; readonly buckets: Map<string, Bucket> }
  const namespaces = new Map<string, Namespace>()
  const namespacesByAnchor = createFiled<Namespace>()
  const bucketsByAnchor = createFiled<Bucket>()

  /** Namespaces that the selector selects; without an anchor it is asked for each of them, which are few beside the pods. */
  function selected(selector: Selector): readonly Namespace[] {
    const anchors = selectorAnchors(selector)
    const found = anchors === undefined ? namespaces.values() : underAny(namespacesByAnchor, anchors)
    return [...found].filter(({ labels }) => matchesSelector(selector, labels.labels))
  }

  return {
    get: (namespace, labels) => namespaces.get(namespace)?.buckets.get(labels.key),

    add(bucket, namespaceLabels) {
      let namespace = namespaces.get(bucket.namespace)
      if (namespace === undefined) {
        namespace = { labels: namespaceLabels, buckets: new Map() }
        namespaces.set(bucket.namespace, namespace)
        fileAll(namespacesByAnchor, namespaceLabels, namespace)
      }
      namespace.buckets.set(bucket.labels.key, bucket)
      fileAll(bucketsByAnchor, bucket.labels, bucket)
    },

    remove(bucket) {
      unfileAll(bucketsByAnchor, bucket.labels, bucket)
      const namespace = namespaces.get(bucket.namespace)
      if (namespace === undefined) return
      namespace.buckets.delete(bucket.labels.key)
      if (namespace.buckets.size > 0) return
      namespaces.delete(bucket.namespace)
      unfileAll(namespacesByAnchor, namespace.labels, namespace)
    },

    *candidates({ namespaces: scope, pods }) {
      const anchors = selectorAnchors(pods)
      const byLabels = anchors?.reduce((sum, anchor) => sum + bucketsByAnchor.count(anchor), 0)
      if (scope.kind === 'named') {
        const { buckets } = namespaces.get(scope.name) ?? { buckets: new Map<string, Bucket>() }
        // Labels lead to other namespaces' buckets as well: still fewer, where each workload of a large namespace has its own.
        const isFewer = anchors !== undefined && byLabels !== undefined && byLabels < buckets.size
        yield* isFewer ? underAny(bucketsByAnchor, anchors) : buckets.values()
        return
      }
      // Asking a namespace costs as much as asking a bucket: few buckets are asked before any namespace is.
      if (anchors !== undefined && byLabels !== undefined && byLabels <= namespaces.size) {
        yield* underAny(bucketsByAnchor, anchors)
        return
      }
      const chosen = selected(scope.selector)
      const byNamespace = chosen.reduce((sum, { buckets }) => sum + buckets.size, 0)
      if (anchors !== undefined && byLabels !== undefined && byLabels <= byNamespace) {
        yield* underAny(bucketsByAnchor, anchors)
        return
      }
      for (const { buckets } of chosen) yield* buckets.values()
    },

    inNamespace: (namespace) => namespaces.get(namespace)?.buckets.values() ?? [],
  }
}

/** Where a bucket stands. */
interface Placed {
  readonly namespace: string
  readonly labels: LabelSet
}

function fileAll<Entry extends object>(files: Filed<Entry>, { labels }: LabelSet, entry: Entry): void {
  for (const anchor of labelAnchors(labels)) files.add(anchor, entry)
}

function unfileAll<Entry extends object>(files: Filed<Entry>, { labels }: LabelSet, entry: Entry): void {
  for (const anchor of labelAnchors(labels)) files.remove(anchor, entry)
}

function* underAny<Entry extends object>(files: Filed<Entry>, anchors: readonly string[]): Iterable<Entry> {
  for (const anchor of anchors) yield* files.under(anchor)
}
