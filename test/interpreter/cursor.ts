import { TextError } from './text-error.ts'
import { readTokens, type Token } from './tokens.ts'

/** Walks over the tokens of a text. What is not as expected throws a TextError with its line. */
export interface Cursor {
  peek(): Token
  next(): Token
  /** Takes the token if it is this word or symbol. */
  accept(text: string): boolean
  expect(text: string): void
  word(what: string): string
  string(what: string): string
  skipNewlines(): void
  skipSeparators(): void
  /** At a newline, a semicolon or the end of the text. */
  atSeparator(): boolean
  /** A statement ends with a newline or a semicolon, before a closing brace too; at the very end nothing is needed. */
  separator(): void
  error(message: string, line?: number): TextError
  /** The index of the next token. */
  position(): number
  /** The tokens from one index up to, not including, another. */
  slice(from: number, to: number): readonly Token[]
}

export function createCursor(text: string): Cursor {
  const tokens = readTokens(text)
  const lines = text.split('\n')
  let index = 0

  const peek = (): Token => {
    const token = tokens[index] ?? tokens.at(-1)
    if (token === undefined) throw new Error('every text has an end token')
    return token
  }
  const next = (): Token => {
    const token = peek()
    index += 1
    return token
  }
  const error = (message: string, line = peek().line) => new TextError(message, line, lines[line - 1] ?? '')
  const is = (text: string) => peek().text === text && (peek().kind === 'word' || peek().kind === 'symbol')
  const take = (kind: Token['kind'], what: string): string => {
    if (peek().kind !== kind) throw error(`expected ${what}, found ${describe(peek())}`)
    return next().text
  }
  const atSeparator = () => peek().kind === 'newline' || peek().kind === 'end' || is(';')

  return {
    peek,
    next,
    error,
    atSeparator,
    accept(text) {
      if (!is(text)) return false
      index += 1
      return true
    },
    expect(text) {
      if (!is(text)) throw error(`expected '${text}', found ${describe(peek())}`)
      index += 1
    },
    word: (what) => take('word', what),
    string: (what) => take('string', what),
    skipNewlines() {
      while (peek().kind === 'newline') index += 1
    },
    separator() {
      if (!atSeparator()) throw error(`expected a newline or a semicolon, found ${describe(peek())}`)
      if (peek().kind !== 'end') index += 1
    },
    skipSeparators() {
      while (peek().kind === 'newline' || is(';')) index += 1
    },
    position: () => index,
    slice: (from, to) => tokens.slice(from, to),
  }
}

function describe(token: Token): string {
  switch (token.kind) {
    case 'newline':
      return 'the end of the line'
    case 'end':
      return 'the end of the text'
    case 'string':
      return `the string "${token.text}"`
    case 'word':
    case 'symbol':
      return `'${token.text}'`
  }
}
