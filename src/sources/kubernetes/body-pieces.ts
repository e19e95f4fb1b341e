import type { IncomingMessage } from 'node:http'
import { finished } from 'node:stream'

/** The rest of a body that was read to this end; whatever else comes waits in the connection. */
const MOST_WAITING = 4

/**
 * The pieces of a body as they come. Node's own iterator of a stream takes a way of events and promises for each of them that
 * costs, five times a second, as much as reading the event that is in it. Throws what ended the stream early; who stops reading
 * destroys it.
 */
export function bodyPieces(response: IncomingMessage): AsyncIterableIterator<Buffer> {
  const waiting: Buffer[] = []
  let wanted: PromiseWithResolvers<IteratorResult<Buffer>> | undefined
  let end: { readonly error: Error | undefined } | undefined

  response.on('data', (piece: Buffer) => {
    if (wanted === undefined) {
      waiting.push(piece)
      if (waiting.length >= MOST_WAITING) response.pause()
      return
    }
    const { resolve } = wanted
    wanted = undefined
    resolve({ done: false, value: piece })
  })
  finished(response, { writable: false }, (error) => {
    end = { error: error ?? undefined }
    if (wanted === undefined) return
    if (end.error === undefined) wanted.resolve({ done: true, value: undefined })
    else wanted.reject(end.error)
  })

  return {
    next() {
      const piece = waiting.shift()
      if (piece !== undefined) {
        if (waiting.length === 0) response.resume()
        return Promise.resolve({ done: false, value: piece })
      }
      if (end?.error !== undefined) return Promise.reject(end.error)
      if (end !== undefined) return Promise.resolve({ done: true, value: undefined })
      wanted = Promise.withResolvers()
      return wanted.promise
    },
    return() {
      response.destroy()
      return Promise.resolve({ done: true, value: undefined })
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
