import type { Place } from './place.ts'
import type { Fields } from './read-fields.ts'

/** A Service or Ingress of the input: only its name has been looked at. */
export interface OtherObject {
  readonly kind: string
  readonly namespace: string
  readonly name: string
  readonly value: Fields
  readonly place?: Place | undefined
}
