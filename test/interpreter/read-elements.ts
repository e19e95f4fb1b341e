import type { ElementText } from './command.ts'
import type { Cursor } from './cursor.ts'
import { readComment } from './names.ts'
import { readVerdict } from './verdict.ts'

/** Reads `{ field . field comment "…" : verdict, … }`, at least one element; lines break after the brace, a comma or an element. */
export function readElements(cursor: Cursor): readonly ElementText[] {
  const elements: ElementText[] = []
  cursor.expect('{')
  do {
    cursor.skipNewlines()
    if (elements.length > 0 && cursor.peek().text === '}') break
    elements.push(readElement(cursor))
    cursor.skipNewlines()
  } while (cursor.accept(','))
  cursor.expect('}')
  return elements
}

function readElement(cursor: Cursor): ElementText {
  const { line } = cursor.peek()
  const fields = [cursor.word('an element')]
  while (cursor.accept('.')) fields.push(cursor.word('a field'))
  const comment = cursor.accept('comment') ? readComment(cursor) : undefined
  if (!cursor.accept(':')) return { line, fields, comment, verdict: undefined }
  const verdict = readVerdict(cursor)
  if (verdict === undefined) throw cursor.error(`unknown verdict '${cursor.peek().text}'`)
  return { line, fields, comment, verdict }
}
