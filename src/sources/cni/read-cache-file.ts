import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'

/** Annotations stand in these files, of up to 256 KiB, which JSON can write six times as long. */
const MOST_BYTES = 4 * 1024 * 1024

/** A file as it is: which state of which file, when it was written (milliseconds since 1970), and its text. */
export interface CacheFile {
  readonly kind: 'file'
  readonly fingerprint: string
  readonly writtenAt: number
  /** Undefined where it was not read: it is known already, larger than the bound, or no regular file. */
  readonly text: string | undefined
}

export type CacheFileRead = CacheFile | { readonly kind: 'gone' } | { readonly kind: 'failed'; readonly code: string }

/** Never waits (a pipe has no end) and follows no link: whatever lies in the folder, this comes back. */
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

/**
 * Reads a file of the cache unless `isKnown` says that this state of it has been read. Synchronous: it is some kilobytes, and a
 * new pod waits for it.
 */
export function readCacheFile(path: string, isKnown: (fingerprint: string) => boolean): CacheFileRead {
  let descriptor: number | undefined
  try {
    descriptor = openSync(path, FLAGS)
    const stat = fstatSync(descriptor, { bigint: true })
    const fingerprint = `${stat.ino}:${stat.mtimeNs}:${stat.size}`
    const file = { kind: 'file', fingerprint, writtenAt: Number(stat.mtimeNs / 1000n) / 1000 } as const
    if (!stat.isFile() || stat.size > MOST_BYTES || isKnown(fingerprint)) return { ...file, text: undefined }
    return { ...file, text: readText(descriptor, Number(stat.size)) }
  } catch (error) {
    const { code } = error as { readonly code?: unknown }
    if (typeof code !== 'string') throw error
    // ELOOP: it is a link. ENXIO: a socket.
    if (code === 'ENOENT') return { kind: 'gone' }
    return { kind: 'failed', code }
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}

/** As much as there was when it was looked at; what comes later changes the fingerprint. */
function readText(descriptor: number, size: number): string {
  const buffer = Buffer.allocUnsafe(size)
  let length = 0
  while (length < size) {
    const read = readSync(descriptor, buffer, length, size - length, length)
    if (read === 0) break
    length += read
  }
  return buffer.toString('utf8', 0, length)
}
