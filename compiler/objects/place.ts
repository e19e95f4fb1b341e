/** Where something was written: a file (or `-` for standard input) and a position counted from 1. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** `file:line:column`, the form that editors and terminals make clickable. */
export function formatPlace(place: Place): string {
  return `${place.file}:${place.line}:${place.column}`
}
