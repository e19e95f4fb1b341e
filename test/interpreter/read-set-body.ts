import type { SetBlock } from './command.ts'
import type { Cursor } from './cursor.ts'
import { isSetDataType, type SetDataType } from './data-types.ts'
import { readComment } from './names.ts'
import { readElements } from './read-elements.ts'
import { readSymbol } from './symbol-match.ts'

/**
 * Reads `{ type …, flags interval, comment "…", elements = { … } }`, each on a line of its own and at most once. A set that packets
 * fill, or that time empties, has `size`, `flags dynamic,timeout` and `timeout`, all three.
 */
export function readSetBody(
  cursor: Cursor,
  kind: 'set' | 'map',
): Pick<SetBlock, 'type' | 'interval' | 'recorded' | 'comment' | 'elements'> {
  const { line } = cursor.peek()
  let type: readonly SetDataType[] | undefined
  let interval = false
  let dynamic = false
  const bounds: string[] = []
  let comment: string | undefined
  let elements: SetBlock['elements'] = []
  const seen = new Set<string>()
  cursor.expect('{')
  for (;;) {
    cursor.skipSeparators()
    if (cursor.accept('}')) break
    const word = readSymbol(cursor, ['type', 'typeof', 'flags', 'size', 'timeout', 'comment', 'elements'])
    if (seen.has(word)) throw cursor.error(`'${word}' stands twice`)
    seen.add(word)
    switch (word) {
      case 'type':
        type = readType(cursor, kind)
        break
      case 'typeof':
        type = readTypeOf(cursor, kind)
        break
      case 'flags':
        if (cursor.accept('interval')) interval = true
        else {
          for (const part of ['dynamic', ',', 'timeout']) cursor.expect(part)
          dynamic = true
        }
        break
      case 'size':
      case 'timeout':
        bounds.push(`${word} ${readBound(cursor, word)}`)
        break
      case 'comment':
        comment = readComment(cursor)
        break
      case 'elements':
        cursor.expect('=')
        elements = readElements(cursor)
    }
    cursor.separator()
  }
  if (type === undefined) throw cursor.error(`a ${kind} without a type`, line)
  if (dynamic !== bounds.length > 0 || bounds.length % 2 === 1) {
    throw cursor.error('a set that packets fill has the flags dynamic and timeout, a size and a timeout', line)
  }
  if (dynamic && kind === 'map') throw cursor.error('packets fill sets', line)
  return { type, interval, recorded: dynamic ? bounds.sort().join(' ') : undefined, comment, elements }
}

/** A number, or seconds. */
function readBound(cursor: Cursor, word: 'size' | 'timeout'): string {
  const text = cursor.word(`a ${word}`)
  if (!(word === 'size' ? /^[1-9]\d*$/ : /^[1-9]\d*s$/).test(text)) throw cursor.error(`'${text}' is no ${word}`)
  return text
}

/** `ip saddr` or `meta l4proto . th dport`, and in a map `: verdict`: the types of those fields. */
function readTypeOf(cursor: Cursor, kind: 'set' | 'map'): readonly SetDataType[] {
  const fields: SetDataType[] = []
  do {
    const { line } = cursor.peek()
    const words = `${cursor.word('an expression')} ${cursor.word('a field')}`
    const type = EXAMPLES[words]
    if (type === undefined) throw cursor.error(`unknown expression '${words}'`, line)
    fields.push(type)
  } while (cursor.accept('.'))
  readMapData(cursor, kind)
  return fields
}

const EXAMPLES: Readonly<Record<string, SetDataType>> = {
  'ip saddr': 'ipv4_addr',
  'ip6 saddr': 'ipv6_addr',
  'meta nfproto': 'nf_proto',
  'meta l4proto': 'inet_proto',
  'th dport': 'inet_service',
}

/** `ipv4_addr . inet_proto`, and in a map `: verdict`. */
function readType(cursor: Cursor, kind: 'set' | 'map'): readonly SetDataType[] {
  const fields: SetDataType[] = []
  do {
    const { line } = cursor.peek()
    const word = cursor.word('a type')
    if (!isSetDataType(word)) throw cursor.error(`unknown type '${word}'`, line)
    fields.push(word)
  } while (cursor.accept('.'))
  readMapData(cursor, kind)
  return fields
}

function readMapData(cursor: Cursor, kind: 'set' | 'map'): void {
  if (kind === 'set') return
  cursor.expect(':')
  cursor.expect('verdict')
}
