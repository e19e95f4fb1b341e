import type { Cursor } from './cursor.ts'

/**
 * What a rule has said so far about the packet's protocols. nft adds `meta nfproto` and `meta l4proto` by itself where a
 * field needs them, and refuses a rule that asks for two of one layer.
 */
export interface ProtocolContext {
  needNetwork(version: 4 | 6): void
  needTransport(protocol: number): void
  transport(): number | undefined
}

export function createProtocolContext(cursor: Cursor): ProtocolContext {
  let network: 4 | 6 | undefined
  let transport: number | undefined
  return {
    needNetwork(version) {
      if (network !== undefined && network !== version) throw cursor.error('conflicting protocols: IPv4 and IPv6')
      network = version
    },
    needTransport(protocol) {
      if (transport !== undefined && transport !== protocol) {
        throw cursor.error(`conflicting protocols: ${transport} and ${protocol}`)
      }
      transport = protocol
    },
    transport: () => transport,
  }
}
