import type { Place } from './place.ts'

/** `file:line`, as rules and policies are cited; empty where it came from no file. */
export function placeText(place: Place | undefined): string {
  return place === undefined ? '' : `${place.file}:${place.line}`
}
