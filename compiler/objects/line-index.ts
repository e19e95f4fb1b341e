import type { Place } from './place.ts'

/** Turns offsets into places of one file; columns count UTF-16 code units from 1, as editors that click on them do. */
export type LineIndex = (offset: number) => Place

/** Reads the text for its line ends at the first question, not before: most inputs never have a problem to place. */
export function createLineIndex(file: string, text: string): LineIndex {
  let starts: number[] | undefined
  return (offset) => {
    starts ??= lineStarts(text)
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return { file, line: low + 1, column: offset - (starts[low] ?? 0) + 1 }
  }
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) starts.push(end + 1)
  return starts
}
