import type { Cursor } from './cursor.ts'
import type { ProtocolContext } from './protocol-context.ts'
import type { Step } from './rule.ts'
import { readSymbol } from './symbol-match.ts'

/** RFC 9293, section 3.1. */
const BITS = { fin: 0x01, syn: 0x02, rst: 0x04, psh: 0x08, ack: 0x10 } as const
const NAMES = ['fin', 'syn', 'rst', 'psh', 'ack'] as const

/** At `tcp flags`: of the flags after the slash exactly those before it are set. */
export function readTcpFlagsMatch(cursor: Cursor, protocols: ProtocolContext): Step {
  cursor.expect('tcp')
  cursor.expect('flags')
  protocols.needTransport(6)
  const wanted = readFlags(cursor)
  cursor.expect('/')
  const mask = readFlags(cursor)
  if ((wanted & ~mask) !== 0) throw cursor.error('a flag is wanted that is not looked at')
  return ({ packet }) =>
    packet.protocol !== 6 || packet.tcpFlags === undefined || (packet.tcpFlags & mask) !== wanted ? 'break' : 'next'
}

function readFlags(cursor: Cursor): number {
  let flags: number = BITS[readSymbol(cursor, NAMES)]
  while (cursor.accept(',')) flags |= BITS[readSymbol(cursor, NAMES)]
  return flags
}
