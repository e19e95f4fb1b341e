import { FLOW_END, readFlow, readQuoted } from './plain-yaml-flow.ts'
import { createMarks, type Marks } from './plain-yaml-marks.ts'
import { scalarOf } from './yaml-scalars.ts'

/** What people write into manifests, read without a parser's detours. */
export interface PlainYaml {
  readonly value: object
  /** Where the document's root starts in the text. */
  readonly root: number
}

/** Something else than what is read here: for the parser. */
const DECLINED: unique symbol = Symbol('declined')

/** Blanks that are no spaces, several documents in one text, and what some readers take for a line break. */
const UNUSUAL = /[\t\r\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|\n(?:---|\.\.\.|%)/

/** The line of dashes before a document, with nothing on it but a comment. */
const START = /(?:---(?: +#[^\n]*| *)(?:\n|$))?/y

/** A key of a block mapping, up to its value or the end of the line. */
const KEY = /([A-Za-z0-9_][A-Za-z0-9_./-]*|"[^"\\\n]*"|'[^'\n]*'):(?= |\n|$) */y

/** How a plain scalar may start here; what starts otherwise may be something else. */
const PLAIN_START = /^(?:[A-Za-z0-9_./~+$(]|-[A-Za-z0-9./]|--[a-z])/

const LITERAL = /^\|(-?)(?: +#.*| *)$/
const DEEPEST = 100
const LONGEST_KEY = 500
/** Regular expressions keep a stack for quoted and flow text. */
const LONGEST_LINE = 10_000

/**
 * A document in the YAML that manifests are written in: block mappings and lists by indentation, scalars and flow collections
 * of one line, literal blocks, comments. Undefined for all else, anchors, tags, folded and several-line scalars among it,
 * and for whatever might be an error: what comes back is what the parser would make of it. `marks`: to be filled.
 */
export function readPlainYaml(text: string, marks?: Marks): PlainYaml | undefined {
  if (UNUSUAL.test(text) || /^(?:\.\.\.|%)/.test(text)) return undefined
  START.lastIndex = 0
  START.exec(text)
  const start = START.lastIndex
  if (text.startsWith('---') && start === 0) return undefined
  return readFrom(text, start, marks)
}

function readFrom(text: string, start: number, marks: Marks | undefined): PlainYaml | undefined {
  /** The line that is read: its indentation (-1: the text is at its end), its first character and its end. */
  let indent = -1
  let from = start
  let end = start
  let next = start

  /** To the next line with something on it besides a comment. */
  function advance(): void {
    while (next < text.length) {
      const begin = next
      const found = text.indexOf('\n', begin)
      end = found < 0 ? text.length : found
      from = begin
      while (text.charCodeAt(from) === SPACE) from += 1
      next = end + 1
      if (from >= end || text.charCodeAt(from) === HASH) continue
      indent = from - begin
      return
    }
    indent = -1
  }

  function isDash(): boolean {
    return text.charCodeAt(from) === DASH && (from + 1 === end || text.charCodeAt(from + 1) === SPACE)
  }

  function isKeyAt(offset: number): boolean {
    KEY.lastIndex = offset
    return KEY.test(text)
  }

  function readNode(depth: number): object | typeof DECLINED {
    if (depth > DEEPEST) return DECLINED
    return isDash() ? readList(indent, depth) : readMapping(indent, depth)
  }

  function readMapping(column: number, depth: number): object | typeof DECLINED {
    const object: Record<string, unknown> = {}
    const mark = createMarks(marks, object)
    while (indent === column) {
      KEY.lastIndex = from
      const written = KEY.exec(text)?.[1]
      if (written === undefined || written.length > LONGEST_KEY) return DECLINED
      const name = /^["']/.test(written) ? written.slice(1, -1) : written
      if (name === '__proto__' || Object.hasOwn(object, name)) return DECLINED
      mark?.keys.set(name, from)
      const at = KEY.lastIndex
      const value = isEmptyAt(at) ? readBelow(column, depth, true) : readInline(column, at)
      if (value === DECLINED) return DECLINED
      if (!isEmptyAt(at)) mark?.at.set(name, at)
      object[name] = value
    }
    return object
  }

  function readList(column: number, depth: number): object | typeof DECLINED {
    const list: unknown[] = []
    const mark = createMarks(marks, list)
    while (indent === column && isDash()) {
      let at = from + 1
      while (text.charCodeAt(at) === SPACE) at += 1
      let value: unknown
      if (isEmptyAt(at)) {
        value = readBelow(column, depth, false)
        if (value === null) return DECLINED
        at = rootOf
      } else if (isKeyAt(at)) {
        indent += at - from
        from = at
        value = readMapping(indent, depth + 1)
      } else value = readInline(column, at)
      if (value === DECLINED) return DECLINED
      mark?.at.set(list.length, at)
      list.push(value)
    }
    return list
  }

  /** Nothing more on the line, or a comment; whoever asks has passed a blank, or stands at the end. */
  function isEmptyAt(at: number): boolean {
    const code = text.charCodeAt(at)
    return at >= text.length || code === LINE_END || code === HASH
  }

  /** Where the last nested node started. */
  let rootOf = 0

  /** What stands on the lines below: deeper, or for a key a list at its own indentation; null where nothing does. */
  function readBelow(column: number, depth: number, isOfKey: boolean): unknown {
    advance()
    const isListOfKey = isOfKey && indent === column && isDash()
    if (indent <= column && !isListOfKey) return null
    const started = from
    const value = readNode(depth + 1)
    rootOf = started
    return value
  }

  /** A scalar or a flow collection that ends on its line. */
  function readInline(column: number, at: number): unknown {
    const code = text.charCodeAt(at)
    if (code === BAR) return readLiteral(column, at)
    if (end - at > LONGEST_LINE) return DECLINED
    if (code === BRACKET || code === BRACE) return endingLine(readFlow(text, at, marks))
    if (code === DOUBLE || code === SINGLE) return endingLine(readQuoted(text, at))
    let plain = text.slice(at, end)
    const comment = plain.indexOf(' #')
    plain = (comment < 0 ? plain : plain.slice(0, comment)).replace(/ +$/, '')
    if (!PLAIN_START.test(plain) || plain.includes(': ') || plain.endsWith(':')) return DECLINED
    advance()
    return scalarOf(plain)
  }

  /** Of something that ends at an offset, its value, if nothing but a comment follows. */
  function endingLine(read: { readonly value: unknown; readonly end: number } | undefined): unknown {
    if (read === undefined) return DECLINED
    FLOW_END.lastIndex = read.end
    if (!FLOW_END.test(text)) return DECLINED
    advance()
    return read.value
  }

  function readLiteral(column: number, at: number): unknown {
    const header = LITERAL.exec(text.slice(at, end))
    if (header === null) return DECLINED
    const lines: string[] = []
    let block = -1
    while (next < text.length) {
      const stop = text.indexOf('\n', next)
      if (stop < 0) return DECLINED
      let first = next
      while (text.charCodeAt(first) === SPACE) first += 1
      const width = first - next
      if (first === stop) {
        if (width > Math.max(block, 0)) return DECLINED
        lines.push('')
      } else {
        if (block < 0 && width > column) block = width
        if (block < 0 || (width < block && width > column)) return DECLINED
        if (width < block) break
        lines.push(text.slice(next + block, stop))
      }
      next = stop + 1
    }
    if (block < 0) return DECLINED
    while (lines.at(-1) === '') lines.pop()
    advance()
    return lines.join('\n') + (header[1] === '-' ? '' : '\n')
  }

  advance()
  if (indent < 0) return undefined
  const root = from
  const value = readNode(0)
  // A line that is deeper than where it could go on ends every mapping and list around it, and stands here.
  return value === DECLINED || indent !== -1 ? undefined : { value, root }
}

const SPACE = 0x20
const HASH = 0x23
const DASH = 0x2d
const BAR = 0x7c
const BRACKET = 0x5b
const BRACE = 0x7b
const DOUBLE = 0x22
const SINGLE = 0x27
const LINE_END = 0x0a
