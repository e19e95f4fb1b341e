import { type Comparison, readComparison } from './compare-field.ts'
import type { Cursor } from './cursor.ts'
import { FAMILY_FIELD, type Field, PROTOCOL_FIELD, readField, readOriginalField } from './field.ts'
import { readMarkStatement } from './mark-statements.ts'
import { readComment } from './names.ts'
import { createProtocolContext, type ProtocolContext } from './protocol-context.ts'
import { readReject } from './reject.ts'
import type { Lookup, Rule, Step } from './rule.ts'
import {
  readDeviceMatch,
  readDirectionMatch,
  readFibMatch,
  readPacketTypeMatch,
  readStateMatch,
  readStatusMatch,
  readSymbol,
} from './symbol-match.ts'
import { readTcpFlagsMatch } from './tcp-flags.ts'
import type { Token } from './tokens.ts'
import { readVerdict, verdictTarget } from './verdict.ts'
import { readRecording } from './recording.ts'

/** Reads one rule up to, not including, the separator that ends it. */
export function readRule(cursor: Cursor): Rule {
  const { line } = cursor.peek()
  const start = cursor.position()
  const protocols = createProtocolContext(cursor)
  const steps: Step[] = []
  const lookups: Lookup[] = []
  let written: Lookup | undefined
  let target: string | undefined
  let rejects = false
  let ended = false

  while (!cursor.atSeparator() && cursor.peek().text !== 'comment') {
    if (ended) throw cursor.error('a statement after the one that ends the rule')
    const verdict = readVerdict(cursor)
    if (written !== undefined && verdict === undefined) throw cursor.error('no verdict after a statement that writes')
    if (verdict !== undefined) {
      steps.push(() => verdict)
      target = verdictTarget(verdict)
      ended = true
    } else if (cursor.accept('reject')) {
      steps.push(readReject(cursor, protocols))
      rejects = true
      ended = true
    } else if (cursor.accept('update')) {
      const recording = readRecording(cursor, () => readConcatenated(cursor, protocols))
      steps.push(recording.step)
      written = recording.written
    } else if (cursor.accept('counter')) {
      // Counts, and changes nothing.
    } else {
      const statement = readMatch(cursor, protocols)
      steps.push(statement.step)
      if (statement.lookup !== undefined) lookups.push(statement.lookup)
      ended = statement.lookup?.kind === 'map'
    }
  }
  const words = cursor.slice(start, cursor.position())
  if (words.length === 0) throw cursor.error('a rule without a statement')
  const comment = cursor.accept('comment') ? readComment(cursor) : undefined
  return { text: ruleText(words), comment, line, steps, lookups, written, target, rejects }
}

function readMatch(cursor: Cursor, protocols: ProtocolContext): Pick<Comparison, 'step' | 'lookup'> {
  if (cursor.accept('ct')) {
    if (cursor.peek().text === 'original') return readFieldMatch(cursor, protocols, readOriginalField(cursor))
    return { step: readConnectionStatement(cursor), lookup: undefined }
  }
  if (cursor.accept('fib')) return { step: readFibMatch(cursor), lookup: undefined }
  if (cursor.peek().text === 'meta') {
    const [, field, ...next] = cursor.slice(cursor.position(), cursor.position() + 4)
    if (field?.text === 'nfproto' && next.some(({ text }) => text.startsWith('@'))) {
      cursor.next()
      cursor.next()
      return readFieldMatch(cursor, protocols, FAMILY_FIELD)
    }
    const step = readMetaMatch(cursor, protocols)
    if (step !== undefined) return { step, lookup: undefined }
    return readFieldMatch(cursor, protocols, PROTOCOL_FIELD)
  }
  const [first, second] = cursor.slice(cursor.position(), cursor.position() + 2)
  if (first?.text === 'tcp' && second?.text === 'flags') {
    return { step: readTcpFlagsMatch(cursor, protocols), lookup: undefined }
  }
  if (first?.text === 'iifname' || first?.text === 'oifname')
    return { step: readDeviceMatch(cursor), lookup: undefined }
  const field = readField(cursor, protocols)
  if (field === undefined) throw cursor.error(`unknown statement '${cursor.peek().text}'`)
  return readFieldMatch(cursor, protocols, field)
}

function readConnectionStatement(cursor: Cursor): Step {
  switch (readSymbol(cursor, ['state', 'direction', 'mark', 'status'])) {
    case 'state':
      return readStateMatch(cursor)
    case 'direction':
      return readDirectionMatch(cursor)
    case 'mark':
      return readMarkStatement(cursor)
    case 'status':
      return readStatusMatch(cursor)
  }
}

/** After `meta`: a match, or undefined for `l4proto`, which is a field like others. */
function readMetaMatch(cursor: Cursor, protocols: ProtocolContext): Step | undefined {
  cursor.expect('meta')
  switch (readSymbol(cursor, ['l4proto', 'nfproto', 'pkttype', 'iif'])) {
    case 'l4proto':
      return undefined
    case 'pkttype':
      return readPacketTypeMatch(cursor)
    case 'iif':
      cursor.expect('0')
      return ({ hasIncomingDevice }) => (hasIncomingDevice ? 'break' : 'next')
    case 'nfproto': {
      const family = readSymbol(cursor, ['ipv4', 'ipv6']) === 'ipv4' ? 'IPv4' : 'IPv6'
      protocols.needNetwork(family === 'IPv4' ? 4 : 6)
      return ({ packet }) => (packet.family === family ? 'next' : 'break')
    }
  }
}

/** A field, more of them joined by dots, and what they are compared with. */
function readFieldMatch(cursor: Cursor, protocols: ProtocolContext, first: Field): Comparison {
  const fields = [first]
  while (cursor.accept('.')) fields.push(readConcatenated(cursor, protocols))
  const comparison = readComparison(cursor, fields)
  if (first === PROTOCOL_FIELD && comparison.equals !== undefined) protocols.needTransport(Number(comparison.equals))
  return comparison
}

function readConcatenated(cursor: Cursor, protocols: ProtocolContext): Field {
  if (cursor.accept('ct')) return readOriginalField(cursor)
  if (cursor.accept('meta')) {
    cursor.expect('l4proto')
    return PROTOCOL_FIELD
  }
  const field = readField(cursor, protocols)
  if (field === undefined) throw cursor.error(`'${cursor.peek().text}' begins no field`)
  return field
}

function ruleText(words: readonly Token[]): string {
  return words
    .map(({ text }) => text)
    .join(' ')
    .replaceAll(' , ', ',')
}
