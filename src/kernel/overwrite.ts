import { closeSync, constants, ftruncateSync, openSync, writeSync } from 'node:fs'

/**
 * Makes this text the whole of a file of our own (mode 0600). The old content is written over and only its rest cut off: a file
 * system on a disk takes half a millisecond to free a block and find another. Throws what fs throws.
 */
export function overwrite(file: string, text: string): void {
  const descriptor = openSync(file, constants.O_WRONLY | constants.O_CREAT, 0o600)
  try {
    const bytes = Buffer.from(text)
    let written = 0
    while (written < bytes.length) written += writeSync(descriptor, bytes, written)
    ftruncateSync(descriptor, bytes.length)
  } finally {
    closeSync(descriptor)
  }
}
