// A walk over text that JSON.parse has accepted already: no syntax is checked here, only offsets are found.

const QUOTE = 0x22
const BACKSLASH = 0x5c

export interface JsonMember {
  readonly key: string
  readonly keyOffset: number
  readonly valueOffset: number
}

/** The offset behind blanks. */
export function skipBlanks(text: string, offset: number): number {
  let at = offset
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) break
  }
  return at
}

/** The offset behind the value that starts here; without recursion, because nesting has no limit. */
export function skipValue(text: string, offset: number): number {
  let depth = 0
  let at = offset
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) at = skipString(text, at)
    else if (code === 0x7b || code === 0x5b) {
      depth += 1
      at += 1
    } else if (code === 0x7d || code === 0x5d) {
      if (depth === 0) return at
      depth -= 1
      at += 1
    } else if (depth === 0 && (code === 0x2c || code <= 0x20)) return at
    else {
      at += 1
      continue
    }
    if (depth === 0) return at
  }
  return at
}

/** The members of the object that starts here; none when it is something else. */
export function* jsonMembers(text: string, offset: number): Generator<JsonMember> {
  if (text[offset] !== '{') return
  let at = skipBlanks(text, offset + 1)
  while (at < text.length && text[at] !== '}') {
    const keyOffset = at
    const keyEnd = skipString(text, at)
    const valueOffset = skipBlanks(text, skipBlanks(text, keyEnd) + 1)
    yield { key: decodeKey(text.slice(keyOffset, keyEnd)), keyOffset, valueOffset }
    at = skipSeparator(text, skipValue(text, valueOffset))
  }
}

/** The offsets of the items of the array that starts here; none when it is something else. */
export function* jsonItems(text: string, offset: number): Generator<number> {
  if (text[offset] !== '[') return
  let at = skipBlanks(text, offset + 1)
  while (at < text.length && text[at] !== ']') {
    yield at
    at = skipSeparator(text, skipValue(text, at))
  }
}

/** The offset behind the string that starts here. */
export function skipString(text: string, offset: number): number {
  let end = text.indexOf('"', offset + 1)
  while (end >= 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end < 0 ? text.length : end + 1
}

function isEscaped(text: string, offset: number): boolean {
  let backslashes = 0
  while (text.charCodeAt(offset - 1 - backslashes) === BACKSLASH) backslashes += 1
  return backslashes % 2 === 1
}

function skipSeparator(text: string, offset: number): number {
  const at = skipBlanks(text, offset)
  return text[at] === ',' ? skipBlanks(text, at + 1) : at
}

function decodeKey(written: string): string {
  return written.includes('\\') ? (JSON.parse(written) as string) : written.slice(1, -1)
}
