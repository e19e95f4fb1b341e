import type { Sharing } from '../../../compiler/objects/decode-context.ts'
import { createLabelInterner, type LabelInterner, type LabelSet } from '../../../compiler/objects/label-set.ts'
import { createSharing } from '../create-sharing.ts'
import { createWeakParts } from '../create-weak-parts.ts'

/** What equal parts of many objects are remembered by, for a process that runs for months. */
export interface DecodeMemory {
  readonly internLabels: LabelInterner
  readonly sharing: Sharing
}

/** For all kinds of one source. What no object holds any more is forgotten by itself. */
export function createDecodeMemory(): DecodeMemory {
  const labelSets = createWeakParts<LabelSet>()
  return {
    internLabels(pairs) {
      const labelSet = createLabelInterner()(pairs)
      return labelSets(labelSet.key, labelSet)
    },
    sharing: createSharing(),
  }
}
