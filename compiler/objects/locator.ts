import type { PlacePart } from './decode-context.ts'
import type { FieldPath } from './field-path.ts'
import type { Place } from './place.ts'

/** Finds the fields of one document in the text that it was read from. */
export interface Locator {
  place(path: FieldPath, part?: PlacePart): Place | undefined
  /** A locator for an item of the document's `items`, for lists that are read as their items. */
  item(index: number): Locator
}
