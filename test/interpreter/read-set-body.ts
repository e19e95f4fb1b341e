import type { SetBlock } from './command.ts'
import type { Cursor } from './cursor.ts'
import { isSetDataType, type SetDataType } from './data-types.ts'
import { readComment } from './names.ts'
import { readElements } from './read-elements.ts'
import { readSymbol } from './symbol-match.ts'

/** Reads `{ type …, flags interval, comment "…", elements = { … } }`, each on a line of its own and at most once. */
export function readSetBody(
  cursor: Cursor,
  kind: 'set' | 'map',
): Pick<SetBlock, 'type' | 'interval' | 'comment' | 'elements'> {
  const { line } = cursor.peek()
  let type: readonly SetDataType[] | undefined
  let interval = false
  let comment: string | undefined
  let elements: SetBlock['elements'] = []
  const seen = new Set<string>()
  cursor.expect('{')
  for (;;) {
    cursor.skipSeparators()
    if (cursor.accept('}')) break
    const word = readSymbol(cursor, ['type', 'typeof', 'flags', 'comment', 'elements'])
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
        cursor.expect('interval')
        interval = true
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
  return { type, interval, comment, elements }
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
