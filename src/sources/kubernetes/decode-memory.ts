import type { Sharing } from '../../../compiler/objects/decode-context.ts'
import { createLabelInterner, type LabelInterner, type LabelSet } from '../../../compiler/objects/label-set.ts'
import { createSharing } from '../create-sharing.ts'

/** What equal parts of many objects are remembered by, for a process that runs for months. */
export interface DecodeMemory {
  readonly internLabels: LabelInterner
  /** The sharing of now: ask anew for each object. */
  sharing(): Sharing
}

/** After so many objects what is shared is forgotten: jobs and rollouts bring new names for ever. */
const OBJECTS_PER_SHARING = 200_000

/** For all kinds of one source. Label sets that no object holds any more are forgotten by themselves. */
export function createDecodeMemory(): DecodeMemory {
  let sharing = createSharing()
  let left = OBJECTS_PER_SHARING
  return {
    internLabels: createWeakInterner(),
    sharing() {
      left -= 1
      if (left < 0) {
        left = OBJECTS_PER_SHARING
        sharing = createSharing()
      }
      return sharing
    },
  }
}

function createWeakInterner(): LabelInterner {
  const labelSets = new Map<string, WeakRef<LabelSet>>()
  const registry = new FinalizationRegistry<string>((key) => {
    if (labelSets.get(key)?.deref() === undefined) labelSets.delete(key)
  })
  return (pairs) => {
    const labelSet = createLabelInterner()(pairs)
    const first = labelSets.get(labelSet.key)?.deref()
    if (first !== undefined) return first
    labelSets.set(labelSet.key, new WeakRef(labelSet))
    registry.register(labelSet, labelSet.key)
    return labelSet
  }
}
