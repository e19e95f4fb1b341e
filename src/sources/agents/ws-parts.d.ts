/** What we use of ws; it comes without types. */
declare module 'ws' {
  import type { EventEmitter } from 'node:events'
  import type { Agent, ClientRequest, IncomingMessage } from 'node:http'
  import type { Duplex } from 'node:stream'

  export interface ClientOptions {
    readonly headers: Readonly<Record<string, string>>
    readonly agent: Agent
    readonly perMessageDeflate: boolean
    /** Bytes of one message. */
    readonly maxPayload: number
    readonly handshakeTimeout: number
  }

  export class WebSocket extends EventEmitter {
    constructor(address: URL, protocols: readonly string[], options: ClientOptions)
    readonly protocol: string
    send(data: Buffer | string): void
    close(code?: number): void
    /** At once, without a handshake. */
    terminate(): void
    on(event: 'message', listener: (data: Buffer, isBinary: boolean) => void): this
    on(event: 'error', listener: (error: Error) => void): this
    on(event: 'close', listener: (code: number, reason: Buffer) => void): this
    on(event: 'unexpected-response', listener: (request: ClientRequest, response: IncomingMessage) => void): this
  }

  export interface ServerOptions {
    readonly noServer: true
    readonly handleProtocols: (protocols: ReadonlySet<string>) => string | false
  }

  export class WebSocketServer extends EventEmitter {
    constructor(options: ServerOptions)
    readonly clients: ReadonlySet<WebSocket>
    handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, upgraded: (socket: WebSocket) => void): void
  }
}
