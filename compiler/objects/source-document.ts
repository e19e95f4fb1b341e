import type { DocumentHead } from './peek-head.ts'
import type { PlacePart } from './decode-context.ts'
import type { FieldPath } from './field-path.ts'
import type { Place } from './place.ts'

/** One object of an input, as it was written: any JSON-like value. */
export interface SourceDocument {
  readonly value: unknown
  /**
   * apiVersion and kind, where the kind is none of ours. Then only these two have been read: asking for the value parses
   * the document, and only that reports its problems.
   */
  readonly head?: DocumentHead | undefined
  /** The piece of the file that it stands in, alone or with others. */
  readonly text: string
  /** Where a field was written, or the deepest of its parents that was ({@link DecodeContext.place}). */
  readonly place: (path: FieldPath, part?: PlacePart) => Place | undefined
}
