import type { Diagnostic } from './diagnostic.ts'
import { flattenList } from './flatten-list.ts'
import { createLineIndex, type LineIndex } from './line-index.ts'
import { createForeignKinds } from './foreign-kinds.ts'
import { parseJson } from './parse-json.ts'
import { type ParsedDocument, parseYaml } from './parse-yaml.ts'
import { type DocumentHead, peekHead } from './peek-head.ts'
import { printable } from './quote.ts'
import type { SourceDocument } from './source-document.ts'
import { splitDocuments, type TextPiece } from './split-documents.ts'

export interface DocumentsRead {
  readonly documents: readonly SourceDocument[]
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * The objects in the text of one file: YAML documents, JSON values, lists as their items; nothing for empty documents.
 * A document that cannot be read is a diagnostic, and the others are still there. One of a foreign kind is parsed, and what
 * is wrong with it told, when somebody asks for its value.
 */
export function readDocuments(file: string, text: string): DocumentsRead {
  const diagnostics: Diagnostic[] = []
  const documents = [...eachDocument(file, text, (diagnostic) => diagnostics.push(diagnostic))]
  return { documents, diagnostics }
}

/**
 * As {@link readDocuments}, one after the other: whoever asks for places before the next one saves a second parse. A problem
 * comes with the piece of the text that it is in.
 */
export function* eachDocument(
  file: string,
  text: string,
  reportOf: (diagnostic: Diagnostic, text: string) => void,
): Generator<SourceDocument> {
  const content = text.startsWith('\uFEFF') ? text.slice(1) : text
  const lines = createLineIndex(file, content)
  const binary = content.search(CONTROL)
  if (binary >= 0) {
    const code = content.charCodeAt(binary).toString(16).padStart(2, '0')
    const problem = `not text: control character 0x${code}`
    const hint = 'expected YAML or JSON in UTF-8'
    reportOf({ severity: 'error', code: 'binary', problem, hint, place: lines(binary) }, content)
    return
  }
  const isForeign = createForeignKinds()
  for (const piece of splitDocuments(content)) {
    const report = (diagnostic: Diagnostic): void => reportOf(diagnostic, piece.text)
    const head = peekHead(piece.text)
    if (head !== undefined && isForeign(head)) {
      yield foreignDocument(head, piece, lines, report)
      continue
    }
    for (const document of parsePiece(piece, lines, report)) {
      for (const { value, locator } of flattenList(document, report)) {
        yield { value, text: piece.text, place: (path, part) => locator.place(path, part) }
      }
    }
  }
}

/** Most of a large file is usually such documents: definitions of resources, roles, dashboards. */
function foreignDocument(
  head: DocumentHead,
  piece: TextPiece,
  lines: LineIndex,
  report: (diagnostic: Diagnostic) => void,
): SourceDocument {
  let parsed: ParsedDocument | undefined
  const parse = (): ParsedDocument | undefined => (parsed ??= [...parsePiece(piece, lines, report)][0])
  return {
    head,
    text: piece.text,
    get value() {
      return parse()?.value ?? null
    },
    place: (path, part) => (path.length === 0 ? lines(piece.offset + head.offset) : parse()?.locator.place(path, part)),
  }
}

/** Allowed in no YAML and no JSON; a NUL also tells UTF-16 from UTF-8. */
// oxlint-disable-next-line no-control-regex -- they are what it looks for
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f]/

/** Where JSON fails, YAML's messages are better, but its parser is for texts of a sane size. */
const LARGE = 4_000_000

/** No object, and no list of objects, begins like this; ten million brackets take JSON.parse seconds and most of a gigabyte. */
const DEEP = /^\s*(?:\[\s*){1000}/

function parsePiece(
  { text, offset }: TextPiece,
  lines: LineIndex,
  report: (diagnostic: Diagnostic) => void,
): Iterable<ParsedDocument> {
  const looksLikeJson = /^(?:---(?=\s))?\s*[[{]/.test(text)
  if (!looksLikeJson) return parseYaml(text, offset, lines, report)
  const start = text.startsWith('---') ? 3 : 0
  const deep = DEEP.exec(text.slice(start, start + LARGE))
  if (deep !== null) {
    const place = lines(offset + start + deep[0].length - 1)
    report({ severity: 'error', code: 'json-depth', problem: 'nested too deeply', hint: '', place })
    return []
  }
  const documents = parseJson(start === 0 ? text : text.slice(start), lines, offset + start, report)
  if (documents !== undefined) return documents
  if (text.length <= LARGE) return parseYaml(text, offset, lines, report)
  report(jsonError(text.slice(start), (at) => lines(offset + start + at)))
  return []
}

/** V8 says where in most of its messages; else the place is the start of the text, and the message shows what it met. */
function jsonError(text: string, lines: LineIndex): Diagnostic {
  let message = ''
  try {
    JSON.parse(text)
  } catch (error) {
    message = error instanceof Error ? error.message : ''
  }
  const [what = '', where] = message.split(/ in JSON at position (\d+)/)
  const place = lines(Number(where ?? 0))
  return { severity: 'error', code: 'json-syntax', problem: `not valid JSON: ${printable(what)}`, hint: '', place }
}
