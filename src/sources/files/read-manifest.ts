import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import { printable } from '../../../compiler/objects/quote.ts'
import { decodeText } from './decode-text.ts'
import { fingerprintOf, type ListedFile } from './list-manifests.ts'
import { isSystemError, systemReason } from './system-reason.ts'

export type ManifestText =
  | { readonly kind: 'text'; readonly text: string }
  /** It is not, or no longer, the file that was looked at. */
  | { readonly kind: 'changed' }
  /** `forGood`: the same bytes will fail again, so another try is for another fingerprint. */
  | { readonly kind: 'failed'; readonly code: string; readonly problem: string; readonly forGood: boolean }

/** More than this is no manifest, and no string holds it. */
export const LARGEST_FILE = 512 * 1024 * 1024 - 1024

/**
 * The text of a file, if it was the same before and after the reading as when it was looked at. Read synchronously: ten
 * thousand small files take a second this way, half a minute the other; a file system that hangs has hung the
 * (asynchronous) look before.
 */
export function readManifest({ key, fingerprint, bytes }: ListedFile): ManifestText {
  if (bytes > LARGEST_FILE) return failed('too-large', 'is larger than 512 MiB', true)
  let descriptor: number | undefined
  try {
    // Without NONBLOCK a pipe that has taken the file's place would hold everything up.
    descriptor = openSync(key, constants.O_RDONLY | constants.O_NONBLOCK)
    const unchanged = (opened: number) => fingerprintOf(fstatSync(opened, { bigint: true })) === fingerprint
    if (!unchanged(descriptor)) return { kind: 'changed' }
    const read = readFileSync(descriptor)
    if (!unchanged(descriptor)) return { kind: 'changed' }
    return { kind: 'text', text: decodeText(read) }
  } catch (error) {
    if (error instanceof TypeError) return failed('not-text', 'is not UTF-8 text', true)
    if (!isSystemError(error)) throw error
    return failed('cannot-read', `cannot be read: ${printable(systemReason(error))}`, false)
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}

function failed(code: string, problem: string, forGood: boolean): ManifestText {
  return { kind: 'failed', code, problem, forGood }
}
