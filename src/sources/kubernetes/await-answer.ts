import type { ClientRequest, IncomingMessage } from 'node:http'

/** What stayed away for too long; `code` is known to connectionFailure. */
export class NoAnswerError extends Error {
  readonly code: 'CONNECT_TIMEOUT' | 'HEADERS_TIMEOUT' | 'BODY_TIMEOUT'

  constructor(code: NoAnswerError['code']) {
    super(code)
    this.code = code
  }
}

/** In milliseconds: until there is a connection, and until the answer begins. */
export interface AnswerTimes {
  readonly connect: number
  readonly headers: number
}

/** The answer to a request that is ready to be sent; rejects with a NoAnswerError when it is too late, or with what Node says. */
export function awaitAnswer(request: ClientRequest, { connect, headers }: AnswerTimes): Promise<IncomingMessage> {
  const late = (code: NoAnswerError['code'], milliseconds: number): NodeJS.Timeout =>
    setTimeout(() => request.destroy(new NoAnswerError(code)), milliseconds)
  const connecting = late('CONNECT_TIMEOUT', connect)
  const answering = late('HEADERS_TIMEOUT', headers)
  const over = (): void => {
    clearTimeout(connecting)
    clearTimeout(answering)
  }
  return new Promise((resolve, reject) => {
    request.once('socket', (socket) => {
      if (socket.connecting) socket.once('connect', () => clearTimeout(connecting))
      else clearTimeout(connecting)
    })
    request.once('response', (response) => {
      over()
      resolve(response)
    })
    // Also after the answer has begun: what ends it then is told to whoever reads the body, and must not be unhandled here.
    request.on('error', (error) => {
      over()
      reject(error)
    })
    request.end()
  })
}
