import { formatPlace, type Place } from '../objects/place.ts'
import { eachDocument } from '../objects/read-documents.ts'
import { type Fields, isFields } from '../objects/read-fields.ts'
import type { SourceText } from '../objects/read-objects.ts'
import type { FieldPath } from '../objects/field-path.ts'

/** An object as it was written, for rules about the writing. */
export interface RawObject {
  readonly kind: string
  readonly name: string
  /** As written; undefined where the document leaves it to its reader. */
  readonly namespace: string | undefined
  readonly value: Fields
  place(path: FieldPath): Place | undefined
}

/** Every object of the files, whatever its kind; what cannot be read has been told by whoever read it for its meaning. */
export function readRawObjects(sources: readonly SourceText[]): readonly RawObject[] {
  return sources.flatMap(({ file, text }) =>
    [...eachDocument(file, text, () => {})].flatMap(({ value, place }): readonly RawObject[] => {
      if (!isFields(value) || typeof value['kind'] !== 'string') return []
      const metadata = isFields(value['metadata']) ? value['metadata'] : {}
      const name = metadata['name']
      const namespace = metadata['namespace']
      if (typeof name !== 'string') return []
      return [
        { kind: value['kind'], name, namespace: typeof namespace === 'string' ? namespace : undefined, value, place },
      ]
    }),
  )
}

/** Every rule of an input looks for the same objects. */
const byPlace = new WeakMap<readonly RawObject[], ReadonlyMap<string, RawObject>>()

/** The one that stands at a place: names may be left to a default, places never are. */
export function rawAt(raw: readonly RawObject[], place: Place | undefined): RawObject | undefined {
  if (place === undefined) return undefined
  let known = byPlace.get(raw)
  if (known === undefined) byPlace.set(raw, (known = new Map(raw.map((one) => [placeKey(one.place([])), one]))))
  return known.get(placeKey(place))
}

function placeKey(place: Place | undefined): string {
  return place === undefined ? '' : formatPlace(place)
}
