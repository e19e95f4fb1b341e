/**
 * The labels of one object, interned: equal labels are one LabelSet within an interner, so that pods of one
 * ReplicaSet share theirs and the selector index is keyed by label set, not by pod.
 */
export interface LabelSet {
  /** Canonical text: equal labels, equal key, whatever their order was. */
  readonly key: string
  readonly labels: ReadonlyMap<string, string>
}

/** Makes a LabelSet from label pairs; give the same pairs in any order and get the same key. */
export type LabelInterner = (pairs: Iterable<readonly [string, string]>) => LabelSet

/** An interner with a memory of its own. Label keys and values hold no control characters (API validation), so \0 and \x01 separate. */
export function createLabelInterner(): LabelInterner {
  const known = new Map<string, LabelSet>()
  return (pairs) => {
    const sorted = [...new Map(pairs)].sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
    const key = sorted.map(([name, value]) => `${name}\0${value}`).join('\x01')
    let labelSet = known.get(key)
    if (labelSet === undefined) {
      labelSet = { key, labels: new Map(sorted) }
      known.set(key, labelSet)
    }
    return labelSet
  }
}
