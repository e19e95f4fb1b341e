import type { Cursor } from './cursor.ts'
import type { ProtocolContext } from './protocol-context.ts'
import type { Step } from './rule.ts'
import { readSymbol } from './symbol-match.ts'

const TCP = 6

const CODES = ['admin-prohibited', 'port-unreachable', 'host-unreachable', 'no-route'] as const

/** Reads what follows `reject`: nothing, `with tcp reset`, or `with icmpx [type] code`. */
export function readReject(cursor: Cursor, protocols: ProtocolContext): Step {
  if (!cursor.accept('with')) return () => ({ kind: 'reject' })
  if (cursor.accept('icmpx')) {
    cursor.accept('type')
    readSymbol(cursor, CODES)
    return () => ({ kind: 'reject' })
  }
  cursor.expect('tcp')
  cursor.expect('reset')
  // nft adds `meta l4proto tcp` where the rule has not said it.
  if ((protocols.transport() ?? TCP) !== TCP) throw cursor.error('tcp reset for another protocol')
  return ({ packet }) => (packet.protocol === TCP ? { kind: 'reject' } : 'break')
}
