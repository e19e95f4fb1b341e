/** A piece of a file with whole YAML documents in it, usually one. */
export interface TextPiece {
  readonly text: string
  /** Where it starts in the file. */
  readonly offset: number
}

/**
 * Cuts a file before each line that starts with `---`: there a document ends wherever it stands (YAML 1.2 §9.1.2), within
 * quotes and block scalars too. So documents are parsed one at a time, and one with an error spares the others. Where
 * `...` or directives make it less simple, the file is one piece.
 */
export function splitDocuments(text: string): readonly TextPiece[] {
  if (/(?:^|\n)(?:%|\.\.\.[ \t\r\n])/.test(text)) return [{ text, offset: 0 }]
  const pieces: TextPiece[] = []
  let start = 0
  for (let line = 0; line >= 0 && line < text.length; line = nextLine(text, line)) {
    if (line === start || !/[ \t\r\n]/.test(text[line + 3] ?? '\n')) continue
    pieces.push({ text: text.slice(start, line), offset: start })
    start = line
  }
  pieces.push({ text: text.slice(start), offset: start })
  return pieces
}

/** The next line that starts with `---`; -1 when there is none. */
function nextLine(text: string, offset: number): number {
  const found = text.indexOf('\n---', offset)
  return found < 0 ? -1 : found + 1
}
