import type { Place } from './place.ts'

/** Where something is written, in all JSON of the commands; nothing where it came from no file. */
export function placeJson(place: Place | undefined): { readonly file?: string; readonly line?: number } {
  return place === undefined ? {} : { file: place.file, line: place.line }
}
