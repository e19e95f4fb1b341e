import type { DocumentHead } from './peek-head.ts'
import type { PlacePart } from './decode-context.ts'
import type { FieldPath } from './field-path.ts'
import type { Place } from './place.ts'

/** One object of an input, as it was written: any JSON-like value. */
export interface SourceDocument {
  readonly value: unknown
  /**
   * What it says that it is, where that is of no kind that we know: then nothing else of it has been looked at yet. Asking for
   * its value parses it, and only then are its problems reported.
   */
  readonly head?: DocumentHead | undefined
  /** The piece of the file that it stands in, alone or with others. */
  readonly text: string
  /** Where a field was written, or the deepest of its parents that was ({@link DecodeContext.place}). */
  readonly place: (path: FieldPath, part?: PlacePart) => Place | undefined
}
