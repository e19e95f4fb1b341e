import { closeSync, openSync, readSync } from 'node:fs'

const STANDARD_INPUT = 0
const CHUNK = 1024 * 1024

/**
 * Everything in a file, or on standard input for `-`; undefined when it is more than `most` bytes. Reads until the end,
 * because pipes and devices have no size to ask for, and some of those never end. Throws what the system says.
 */
export function readBytes(path: string, most: number): Uint8Array | undefined {
  const descriptor = path === '-' ? STANDARD_INPUT : openSync(path, 'r')
  try {
    const buffer = Buffer.allocUnsafe(CHUNK)
    const chunks: Uint8Array[] = []
    for (let size = 0; size <= most; ) {
      const read = readInto(buffer, descriptor)
      if (read === 0) return Buffer.concat(chunks)
      // A copy: a pipe gives little at a time, and each little would hold a whole buffer.
      chunks.push(Buffer.from(buffer.subarray(0, read)))
      size += read
    }
    return undefined
  } finally {
    if (descriptor !== STANDARD_INPUT) closeSync(descriptor)
  }
}

/** How many bytes there were; 0 at the end. */
function readInto(buffer: Uint8Array, descriptor: number): number {
  for (;;) {
    try {
      return readSync(descriptor, buffer)
    } catch (error) {
      // Whoever gave us standard input may have made it non-blocking; then nothing is there yet.
      if ((error as { code?: unknown }).code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
    }
  }
}
