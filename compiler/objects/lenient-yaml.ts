import {
  Composer,
  type Document,
  type DocumentOptions,
  Lexer,
  type ParseOptions,
  Parser,
  type SchemaOptions,
} from 'yaml'

export type YamlOptions = ParseOptions & DocumentOptions & SchemaOptions

/** The lexer's steps within brackets and within quotes, and how far in it wants a line to stand: inside of version 2.9.1. */
interface LexerInside {
  indentNext: number
  parseFlowCollection(): Generator<string, unknown>
  parseQuotedScalar(): Generator<string, unknown>
}

/** `"x"#y`: a comment for kubectl. */
const COMMENT_WITHOUT_BLANK = 'Comments must be separated from other tokens by white space characters'

/**
 * The documents of a text as kubectl's parser (sigs.k8s.io/yaml) reads it, which within brackets and quotes does not look
 * at indentation: a `]` left of its key, a tab, a line of a quoted text at the margin. YAML 1.2 refuses these; files
 * like that are in use. Undefined when something is wrong with it in either reading.
 */
export function lenientDocuments(text: string, options: YamlOptions): readonly Document.Parsed[] | undefined {
  const documents = [...new Composer(options).compose(tokensOf(text))] as Document.Parsed[]
  const isRead = documents.every(({ errors }) => errors.every(({ message }) => message === COMMENT_WITHOUT_BLANK))
  if (!isRead) return undefined
  for (const document of documents) document.errors = []
  return documents
}

function* tokensOf(text: string): Generator<Parameters<Composer['next']>[0]> {
  const parser = new Parser()
  for (const lexeme of lenientLexer().lex(text)) yield* parser.next(lexeme)
  yield* parser.end()
}

function lenientLexer(): Lexer {
  const lexer = new Lexer()
  const inside = lexer as unknown as LexerInside
  const anywhere = (step: () => Generator<string, unknown>) =>
    function* (): Generator<string, unknown> {
      const { indentNext } = inside
      inside.indentNext = 0
      try {
        return yield* step.call(inside)
      } finally {
        inside.indentNext = indentNext
      }
    }
  inside.parseFlowCollection = anywhere(inside.parseFlowCollection)
  inside.parseQuotedScalar = anywhere(inside.parseQuotedScalar)
  return lexer
}
