import type { IncomingMessage, ServerResponse } from 'node:http'

/** One watch on its way to the agent, line by line, so that something can be done between two lines or within one. */
export interface WatchRelay {
  readonly plural: string
  /** Puts a line of our own between two of the API server's. */
  say(line: string): void
  /** Nothing comes any more, and nothing ends. */
  silence(): void
  /** Of the next line half is sent; then the connection breaks. */
  breakInNextLine(): void
}

/** Hands the lines of `from` on to `to`, until either ends. */
export function relayWatch(plural: string, from: IncomingMessage, to: ServerResponse): WatchRelay {
  let begun: Buffer = Buffer.alloc(0)
  let silent = false
  let breaks = false

  from.on('data', (piece: Buffer) => {
    begun = Buffer.concat([begun, piece])
    const end = begun.lastIndexOf(0x0a) + 1
    if (end === 0 || silent) return
    if (breaks) {
      const length = begun.indexOf(0x0a) + 1
      // Written out before the cut, or the agent would see no half line at all.
      to.write(begun.subarray(0, Math.floor(length / 2)), () => to.destroy())
      silent = true
      return
    }
    to.write(begun.subarray(0, end))
    begun = begun.subarray(end)
  })
  from.on('end', () => {
    if (!silent) to.end()
  })
  from.on('error', () => to.destroy())
  from.on('close', () => {
    if (!silent && !from.complete) to.destroy()
  })

  return {
    plural,
    say(line) {
      if (!silent) to.write(`${line}\n`)
    },
    silence() {
      silent = true
    },
    breakInNextLine() {
      breaks = true
    },
  }
}
