import { TextError } from './text-error.ts'

/** `word`: names, keywords, addresses, numbers, operators. `symbol`: what ends a word wherever it stands. */
export interface Token {
  readonly kind: 'word' | 'string' | 'symbol' | 'newline' | 'end'
  readonly text: string
  readonly line: number
}

const PATTERN = /\s+|#.*|"[^"]*"|[{};,()]|[^\s{};,()"]+/y

/**
 * Cuts nft text into tokens. Stricter than nft: operators, the colon of a map and the dot of a concatenation stand
 * between blanks, and a string ends on its line.
 */
export function readTokens(text: string): readonly Token[] {
  const tokens: Token[] = []
  const lines = text.split('\n')
  for (const [index, content] of lines.entries()) {
    const line = index + 1
    PATTERN.lastIndex = 0
    while (PATTERN.lastIndex < content.length) {
      const found = PATTERN.exec(content)?.[0]
      if (found === undefined) throw new TextError('a string without an end', line, content)
      if (found.startsWith('"')) tokens.push({ kind: 'string', text: found.slice(1, -1), line })
      else if (/^[{};,()]$/.test(found)) tokens.push({ kind: 'symbol', text: found, line })
      else if (!found.startsWith('#') && found.trim() !== '') tokens.push({ kind: 'word', text: found, line })
    }
    tokens.push({ kind: 'newline', text: '\n', line })
  }
  tokens.push({ kind: 'end', text: '', line: lines.length })
  return tokens
}
