import type { ChainBlock, Command, SetBlock } from './command.ts'
import { createCursor, type Cursor } from './cursor.ts'
import { readName } from './names.ts'
import { readChainBody } from './read-chain-body.ts'
import { readElements } from './read-elements.ts'
import { readRule } from './read-rule.ts'
import { readSetBody } from './read-set-body.ts'
import { TextError } from './text-error.ts'

/** The only table that may be named. */
const TABLE = ['inet', 'selvedge'] as const

/** Reads a whole text for `nft -f`. What is not known throws a TextError with its line. */
export function readCommands(text: string): readonly { readonly command: Command; readonly fault: Fault }[] {
  const cursor = createCursor(text)
  const lines = text.split('\n')
  const commands: { command: Command; fault: Fault }[] = []
  for (;;) {
    cursor.skipSeparators()
    if (cursor.peek().kind === 'end') return commands
    const command = readCommand(cursor)
    cursor.separator()
    commands.push({
      command,
      fault: (message, line = command.line) => new TextError(message, line, lines[line - 1] ?? ''),
    })
  }
}

/** Makes the error for a command that cannot be carried out; without a line it is the command's first. */
export type Fault = (message: string, line?: number) => TextError

function readCommand(cursor: Cursor): Command {
  const { line } = cursor.peek()
  const verb = cursor.word('a command')
  if (verb === 'table') {
    expectTable(cursor)
    return { ...readTableBody(cursor), line }
  }
  const kind = `${verb} ${cursor.word('a kind of object')}`
  switch (kind) {
    case 'add table':
    case 'delete table':
      expectTable(cursor)
      return { kind, line }
    case 'add chain': {
      expectTable(cursor)
      const name = readName(cursor, 'chain')
      const body = cursor.peek().text === '{' ? readChainBody(cursor) : { base: undefined, rules: [] }
      return { kind, line, chain: { name, line, ...body } }
    }
    case 'add rule':
      expectTable(cursor)
      return { kind, line, chain: readName(cursor, 'chain'), rule: readRule(cursor) }
    case 'add element':
    case 'delete element':
      expectTable(cursor)
      return { kind, line, set: readName(cursor, 'set'), elements: readElements(cursor) }
    case 'flush chain':
    case 'delete chain':
      expectTable(cursor)
      return { kind, line, name: readName(cursor, 'chain') }
    case 'flush set': {
      expectTable(cursor)
      const name = readName(cursor, 'set')
      // Never a set that packets are judged by: what stood beside one while the table was replaced, and what time empties as well.
      if (!name.endsWith('-guard') && name !== 'agent')
        throw cursor.error(`unknown command '${kind}' for ${name}`, line)
      return { kind, line, name }
    }
    case 'delete set':
    case 'delete map':
      expectTable(cursor)
      return { kind, line, name: readName(cursor, 'set') }
    default:
      throw cursor.error(`unknown command '${kind}'`, line)
  }
}

function expectTable(cursor: Cursor): void {
  for (const word of TABLE) cursor.expect(word)
}

function readTableBody(cursor: Cursor): Pick<Extract<Command, { kind: 'table' }>, 'kind' | 'chains' | 'sets'> {
  const chains: ChainBlock[] = []
  const sets: SetBlock[] = []
  const names = new Set<string>()
  cursor.expect('{')
  for (;;) {
    cursor.skipSeparators()
    if (cursor.accept('}')) return { kind: 'table', chains, sets }
    const { line } = cursor.peek()
    const kind = cursor.word('chain, set or map')
    if (kind !== 'chain' && kind !== 'set' && kind !== 'map') throw cursor.error(`unknown block '${kind}'`, line)
    const name = readName(cursor, kind)
    // nft would join two blocks of one chain: the compiler writes each once.
    const key = `${kind === 'chain' ? 'chain' : 'set'} ${name}`
    if (names.has(key)) throw cursor.error(`${key} stands twice in one table block`, line)
    names.add(key)
    if (kind === 'chain') chains.push({ name, line, ...readChainBody(cursor) })
    else sets.push({ kind, name, line, ...readSetBody(cursor, kind) })
    cursor.separator()
  }
}
