import { type Document, parseAllDocuments } from 'yaml'
import type { Diagnostic } from './diagnostic.ts'
import { lenientDocuments, type YamlOptions } from './lenient-yaml.ts'
import type { LineIndex } from './line-index.ts'
import type { Locator } from './locator.ts'
import { formatPlace } from './place.ts'
import { readPlainYaml } from './plain-yaml.ts'
import { createPlainYamlLocator } from './plain-yaml-locator.ts'
import { printable } from './quote.ts'
import { createYamlLocator } from './yaml-locator.ts'
import { withYaml11Scalars } from './yaml-scalars.ts'
import { startOf, type YamlProblem, yamlValue } from './yaml-value.ts'

/** A document's value, and the way to its places. */
export interface ParsedDocument {
  readonly value: unknown
  readonly locator: Locator
}

/** A broken document can have an error on every line; after so many nobody reads on. */
const MOST_ERRORS = 20

/** The parser recurses, and reports what overflows its stack as if it were syntax. */
const STACK_OVERFLOW = /call stack|stack overflow/i
const TOO_DEEP = 'nested too deeply'

/** A thousand lists and mappings in a row, each inside the one before. */
const DEEP = /(?:[[{][ \t\r\n]*){1000}|(?:- +){1000}/

/** The documents of a piece of a file (`offset`: where it starts), without empty ones; what has a problem is reported and left out. */
export function parseYaml(
  text: string,
  offset: number,
  lines: LineIndex,
  report: (diagnostic: Diagnostic) => void,
): Iterable<ParsedDocument> {
  const plain = readPlainYaml(text)
  if (plain === undefined) return parseAnyYaml(text, offset, lines, report)
  return [{ value: plain.value, locator: createPlainYamlLocator(text, offset, plain.root, lines) }]
}

/** The same by the parser alone, which takes some eight times as long. */
export function* parseAnyYaml(
  text: string,
  offset: number,
  lines: LineIndex,
  report: (diagnostic: Diagnostic) => void,
): Generator<ParsedDocument> {
  // Ten million brackets take the parser a minute and four gigabytes, to end in this.
  const deep = text.search(DEEP)
  const error = (code: string, problem: string, at: number, hint = ''): void =>
    report({ severity: 'error', code, problem, hint, place: lines(offset + at) })
  if (deep >= 0) {
    error('yaml-depth', TOO_DEEP, deep)
    return
  }
  try {
    let parsed: readonly Document.Parsed[] | undefined = parseDocuments(text)
    const results = parsed.map((document) => ({ document, ...yamlValue(document) }))
    for (const [index, { document, value, problems }] of results.entries()) {
      for (const { code, problem, hint, offset: at } of syntaxErrors(document)) error(code, problem, at, hint)
      for (const { code, problem, hint, offset: at, firstOffset } of problems) {
        const first = firstOffset === undefined ? '' : `, first at ${formatPlace(lines(offset + firstOffset))}`
        error(code, problem + first, at, hint)
      }
      if (document.errors.length > 0 || problems.length > 0 || value === null) continue
      const again = (): Document.Parsed | undefined => (parsed ??= parseDocuments(text))[index]
      yield { value, locator: createYamlLocator({ document: again, offset, root: startOf(document.contents), lines }) }
    }
    // What was parsed is several times its text, and is wanted again only where something is wrong.
    parsed = undefined
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown
    error('yaml-depth', TOO_DEEP, 0)
  }
}

/** The first so many of a document's errors; behind a stack overflow the parser only stumbles. */
function syntaxErrors({ errors }: Document.Parsed): readonly YamlProblem[] {
  const overflow = errors.findIndex(({ message }) => STACK_OVERFLOW.test(message))
  const told = overflow < 0 ? errors : errors.slice(0, overflow + 1)
  const problems = told.slice(0, MOST_ERRORS).map(({ message, code, pos }): YamlProblem => {
    if (STACK_OVERFLOW.test(message)) return { code: 'yaml-depth', problem: TOO_DEEP, hint: '', offset: pos[0] }
    const hint = code === 'TAB_AS_INDENT' ? 'indent with spaces' : ''
    return { code: 'yaml-syntax', problem: `not valid YAML: ${printable(message)}`, hint, offset: pos[0] }
  })
  const next = told[MOST_ERRORS]
  if (next === undefined) return problems
  const problem = `not valid YAML: ${told.length - MOST_ERRORS} more errors`
  return [...problems, { code: 'yaml-syntax', problem, hint: '', offset: next.pos[0] }]
}

const OPTIONS: YamlOptions = {
  customTags: (tags) => withYaml11Scalars(tags),
  logLevel: 'silent',
  prettyErrors: false,
  resolveKnownTags: false,
  stringKeys: true,
  uniqueKeys: false,
}

/** As YAML 1.2 has it; where that fails, as kubectl reads it. What neither reads has the errors of the first. */
function parseDocuments(text: string): readonly Document.Parsed[] {
  const documents = parseAllDocuments(text, OPTIONS) as Document.Parsed[]
  const isWrong = documents.some(({ errors }) => errors.length > 0)
  return (isWrong ? lenientDocuments(text, OPTIONS) : undefined) ?? documents
}
