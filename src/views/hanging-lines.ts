import { stripVTControlCharacters } from 'node:util'

const HANG = '  '

/** Every line of a text, broken between words where it is wider than `width`, the rest of it indented once more. */
export function hangingLines(text: string, width: number): string {
  return text
    .split('\n')
    .flatMap((line) => hangingLine(line, width))
    .join('\n')
}

function hangingLine(line: string, width: number): readonly string[] {
  if (widthOf(line) <= width) return [line]
  const indent = /^ */.exec(line)?.[0] ?? ''
  const lines: string[] = []
  let current = ''
  // Two blanks stand between columns; they go where the line breaks.
  for (const [whole, gap = '', word = ''] of line.slice(indent.length).matchAll(/( *)([^ ]+)/g)) {
    const start = lines.length === 0 ? indent : indent + HANG
    if (current === '') current = start + word
    else if (widthOf(current + whole) <= width) current += gap + word
    else {
      lines.push(current)
      current = indent + HANG + word
    }
  }
  return [...lines, current]
}

function widthOf(line: string): number {
  return stripVTControlCharacters(line).length
}
