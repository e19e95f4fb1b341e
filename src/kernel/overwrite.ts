import { closeSync, constants, ftruncateSync, openSync, writeSync } from 'node:fs'

/** A file that a child reads again and again through the descriptor that it was given. */
export interface Overwritten {
  readonly descriptor: number
  /** Makes this text the whole of the file. Throws what fs throws. */
  write(text: string): void
  close(): void
}

/**
 * Opens a file of our own (mode 0600). Its content is written over and only the rest cut off: a file system on a disk takes half a
 * millisecond to free a block and find another. Throws what fs throws.
 */
export function openOverwritten(file: string): Overwritten {
  const descriptor = openSync(file, constants.O_RDWR | constants.O_CREAT, 0o600)
  let length: number | undefined
  return {
    descriptor,
    write(text) {
      const bytes = Buffer.from(text)
      // After a failure nobody knows how long it is.
      const before = length
      length = undefined
      let written = 0
      while (written < bytes.length) written += writeSync(descriptor, bytes, written, undefined, written)
      if (before !== bytes.length) ftruncateSync(descriptor, bytes.length)
      length = bytes.length
    },
    close: () => closeSync(descriptor),
  }
}
