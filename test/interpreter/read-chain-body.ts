import type { ChainBlock } from './command.ts'
import type { Cursor } from './cursor.ts'
import { readRule } from './read-rule.ts'
import type { Rule } from './rule.ts'
import { readSymbol } from './symbol-match.ts'
import type { BaseChain } from './table-state.ts'

const HOOKS = ['prerouting', 'input', 'forward', 'output', 'postrouting'] as const

/** The numbers behind the names of priorities in the inet family (nft's manual, `filter`). */
const PRIORITIES: Readonly<Record<string, number>> = {
  raw: -300,
  mangle: -150,
  dstnat: -100,
  filter: 0,
  security: 50,
  srcnat: 100,
}

/** Reads `{ [type …;] rule … }`. */
export function readChainBody(cursor: Cursor): Pick<ChainBlock, 'base' | 'rules'> {
  let base: BaseChain | undefined
  const rules: Rule[] = []
  cursor.expect('{')
  for (;;) {
    cursor.skipSeparators()
    if (cursor.accept('}')) return { base, rules }
    if (cursor.peek().text === 'type') {
      if (base !== undefined || rules.length > 0) throw cursor.error('a hook comes once and first')
      base = readHook(cursor)
    } else rules.push(readRule(cursor))
    cursor.separator()
  }
}

/** `type filter hook NAME priority NUMBER; policy VERDICT`: all of it on one line, since a policy must be said. */
function readHook(cursor: Cursor): BaseChain {
  cursor.expect('type')
  cursor.expect('filter')
  cursor.expect('hook')
  const hook = readSymbol(cursor, HOOKS)
  cursor.expect('priority')
  const priority = readPriority(cursor)
  cursor.expect(';')
  cursor.expect('policy')
  return { hook, priority, policy: readSymbol(cursor, ['accept', 'drop']) }
}

function readPriority(cursor: Cursor): number {
  const { line } = cursor.peek()
  const word = cursor.word('a priority')
  if (/^-?\d+$/.test(word)) return Number(word)
  const named = Object.hasOwn(PRIORITIES, word) ? PRIORITIES[word] : undefined
  if (named === undefined) throw cursor.error(`'${word}' is no priority`, line)
  const sign = cursor.accept('+') ? 1 : cursor.accept('-') ? -1 : 0
  if (sign === 0) return named
  const offset = cursor.word('a number')
  if (!/^\d+$/.test(offset)) throw cursor.error(`'${offset}' is no number`, line)
  return named + sign * Number(offset)
}
