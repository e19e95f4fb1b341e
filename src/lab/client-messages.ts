export type SocketProtocol = 'TCP' | 'UDP'

/** Who speaks: the client, and the server gives back what it got; or the server, unasked, after the client's first word. */
export type Manner = 'echo' | 'push'

export interface ConnectResult {
  /** TCP: the handshake was done. UDP: an answer came; without one the port may be open, and is 'silent'. */
  readonly outcome: 'answered' | 'refused' | 'unreachable' | 'silent'
  /** The system's word, such as ECONNREFUSED. */
  readonly code?: string
}

export interface Dial {
  readonly toAddress: string
  readonly port: number
  readonly protocol: SocketProtocol
  readonly timeoutMilliseconds: number
  readonly fromAddress?: string
}

export interface Hold {
  readonly toAddress: string
  readonly port: number
  readonly protocol: SocketProtocol
  readonly manner: Manner
  readonly everyMilliseconds: number
  readonly fromAddress?: string
}

/** What the client of a place is asked for; the number is the asker's, of each once. */
export type ClientAsk =
  | ({ readonly kind: 'dial'; readonly id: number } & Dial)
  | ({ readonly kind: 'hold'; readonly id: number } & Hold)
  | { readonly kind: 'close'; readonly id: number }

export type ClientNews =
  | { readonly kind: 'dialled'; readonly id: number; readonly result: ConnectResult }
  /** That many more. */
  | { readonly kind: 'received'; readonly id: number; readonly bytes: number }
  | { readonly kind: 'ended'; readonly id: number; readonly reason: string }
