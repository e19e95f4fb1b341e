import type { Cursor } from './cursor.ts'
import type { Step } from './rule.ts'
import type { Walk } from './walk.ts'

const STATES = ['new', 'established', 'related', 'invalid', 'untracked'] as const
const DIRECTIONS = ['original', 'reply'] as const
const PACKET_TYPES = ['host', 'broadcast', 'multicast'] as const
const FIB_TYPES = ['unicast', 'broadcast', 'multicast', 'local'] as const

/** `[!=] state, …`: every packet has a state. */
export function readStateMatch(cursor: Cursor): Step {
  const differs = cursor.accept('!=')
  const states = [readSymbol(cursor, STATES)]
  while (cursor.accept(',')) states.push(readSymbol(cursor, STATES))
  // nft then compares all bits at once, so that it always matches: nobody means that.
  if (differs && states.length > 1) throw cursor.error('!= with more than one state')
  return ({ tracked }) => (states.includes(tracked.state) === differs ? 'break' : 'next')
}

/** The kernel leaves the rule when the packet belongs to no connection. */
export function readDirectionMatch(cursor: Cursor): Step {
  const match = readSymbolMatch(cursor, DIRECTIONS, ({ tracked }) => tracked.direction)
  return (walk) => (walk.hasConnection ? match(walk) : 'break')
}

/** Only `dnat` is ever asked for. */
export function readStatusMatch(cursor: Cursor): Step {
  readSymbol(cursor, ['dnat'])
  return ({ tracked, hasConnection }) => (hasConnection && tracked.translated === true ? 'next' : 'break')
}

export function readPacketTypeMatch(cursor: Cursor): Step {
  return readSymbolMatch(cursor, PACKET_TYPES, ({ packet }) => packet.packetType)
}

/** `iifname "name"` and `oifname "name"`; a packet at output has come in by none. */
export function readDeviceMatch(cursor: Cursor): Step {
  const isIncoming = readSymbol(cursor, ['iifname', 'oifname']) === 'iifname'
  const name = cursor.string('the name of a device in quotes')
  return ({ packet: { devices }, hasIncomingDevice }) => {
    const found = isIncoming ? (hasIncomingDevice ? devices?.in : undefined) : devices?.out
    return found === name ? 'next' : 'break'
  }
}

/** After `fib`. */
export function readFibMatch(cursor: Cursor): Step {
  const side = readSymbol(cursor, ['saddr', 'daddr'])
  cursor.expect('type')
  return readSymbolMatch(cursor, FIB_TYPES, ({ packet }) =>
    side === 'daddr' ? packet.fibDestinationType : (packet.fibSourceType ?? 'unicast'),
  )
}

function readSymbolMatch<Word extends string>(
  cursor: Cursor,
  words: readonly Word[],
  load: (walk: Walk) => Word | undefined,
): Step {
  const differs = cursor.accept('!=')
  const word = readSymbol(cursor, words)
  return (walk) => {
    const loaded = load(walk)
    return loaded === undefined || (loaded === word) === differs ? 'break' : 'next'
  }
}

export function readSymbol<Word extends string>(cursor: Cursor, words: readonly Word[]): Word {
  const { line } = cursor.peek()
  const text = cursor.word(`one of ${words.join(', ')}`)
  const word = words.find((one) => one === text)
  if (word === undefined) throw cursor.error(`'${text}' is none of ${words.join(', ')}`, line)
  return word
}
