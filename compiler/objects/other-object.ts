import type { Place } from './place.ts'
import type { Fields } from './read-fields.ts'

/** A Service, Ingress, Node or the like of the input: only its name has been looked at. */
export interface OtherObject {
  readonly kind: string
  /** Empty for a Node, which is in none. */
  readonly namespace: string
  readonly name: string
  readonly value: Fields
  readonly place?: Place | undefined
}
