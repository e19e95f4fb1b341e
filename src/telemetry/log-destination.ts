import { constants, fstatSync, openSync, writeSync } from 'node:fs'

/** Where lines of the log go. Nothing here throws or waits: a log that cannot be written must not stop enforcement. */
export interface LogDestination {
  /** Takes one whole line, its newline included. */
  write(line: string): void
  linesLost(): number
  /** Tries once more to write what waits, and waits no longer. */
  close(): void
}

/** What may wait for a slow reader; beyond it lines are lost, and counted. */
const MOST_WAITING_BYTES = 256 * 1024
const RETRY_MILLISECONDS = 200

/**
 * Synchronous, so that the last line before a crash is there. What the output does not take (a pipe that nobody reads
 * from just now, a full disk) waits, within bounds, for the next line or the next retry; when it flows again, one line
 * says how many were lost. A reader that is gone (EPIPE) takes nothing any more.
 */
export function createLogDestination(fileDescriptor: number): LogDestination {
  const output = withoutBlocking(fileDescriptor)
  const waiting: Buffer[] = []
  let waitingBytes = 0
  let lost = 0
  let lostUntold = 0
  let retry: NodeJS.Timeout | undefined

  function lose(lines: number): void {
    lost += lines
    lostUntold += lines
  }

  function tellLosses(): void {
    if (lostUntold === 0) return
    const facts = { level: 'warn', time: new Date().toISOString(), linesLost: lostUntold }
    waiting.push(Buffer.from(`${JSON.stringify({ ...facts, msg: 'the log could not be written for a while' })}\n`))
    lostUntold = 0
  }

  /** Writes what waits, as far as the output takes it. */
  function drain(): void {
    if (waiting.length === 0) return
    try {
      while (waiting.length > 0) {
        const [first] = waiting
        if (first === undefined) break
        const written = writeSync(output, first)
        // Less than the whole: the rest goes first next time, so that a line is never torn.
        if (written < first.length) waiting[0] = first.subarray(written)
        else waiting.shift()
        if (waiting.length === 0) tellLosses()
      }
    } catch (error) {
      if (isGone(error)) lose(waiting.splice(0).length)
    }
    waitingBytes = waiting.reduce((sum, { length }) => sum + length, 0)
    if (waiting.length > 0) retryLater()
  }

  function retryLater(): void {
    retry ??= setTimeout(() => {
      retry = undefined
      drain()
    }, RETRY_MILLISECONDS).unref()
  }

  return {
    write(line) {
      const bytes = Buffer.from(line)
      const full = waitingBytes + bytes.length > MOST_WAITING_BYTES
      // After the first lost line all are, until what waits is written: one hole, and the line that tells of it is at its place.
      if (full || (lostUntold > 0 && waiting.length > 0)) lose(1)
      else {
        waiting.push(bytes)
        waitingBytes += bytes.length
      }
      // While it is stuck, one attempt a retry is enough: a burst of lines is not a burst of failing writes.
      if (retry === undefined) drain()
    },
    linesLost: () => lost,
    close() {
      clearTimeout(retry)
      retry = undefined
      drain()
      clearTimeout(retry)
      retry = undefined
    },
  }
}

/**
 * A write to a blocking pipe whose reader is stuck would stop the whole agent in write(2). Opened once more the same pipe
 * does not block, and the flags stay as they are for others who share the first descriptor. What is no pipe stays as it is.
 */
function withoutBlocking(fileDescriptor: number): number {
  try {
    if (!fstatSync(fileDescriptor).isFIFO()) return fileDescriptor
    return openSync(`/proc/self/fd/${fileDescriptor}`, constants.O_WRONLY | constants.O_NONBLOCK)
  } catch {
    return fileDescriptor
  }
}

function isGone(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : ''
  return code === 'EPIPE' || code === 'EBADF'
}
