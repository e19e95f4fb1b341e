import type { Diagnostic } from '../../../compiler/objects/diagnostic.ts'
import { namespaceClosed } from '../../../compiler/objects/namespace-closed.ts'
import type { ClusterObject } from '../../../compiler/objects/objects.ts'
import type { DecodedManifest, LostObject } from './decode-manifest.ts'
import { objectKey } from './object-key.ts'

/** What a file stands for, now or since it could last be read. */
export interface ManifestContents {
  readonly objects: readonly ClusterObject[]
  /** It has been read once without anything in it broken. */
  readonly whole: boolean
}

export interface NextContents extends ManifestContents {
  readonly diagnostics: readonly Diagnostic[]
}

export const NOTHING: ManifestContents = { objects: [], whole: false }

/**
 * What a file stands for after it was read again. A file with a broken part keeps its last good objects. If it was never
 * read whole, the objects that can be read count, because without them their pods would be open. An object that cannot be
 * decoded keeps its last good form.
 */
export function nextContents(file: string, before: ManifestContents, decoded: DecodedManifest): NextContents {
  if (decoded.broken && before.whole) {
    const last = lastGood(file, before, 'cannot be read whole')
    return { objects: before.objects, whole: true, diagnostics: [...decoded.diagnostics, last] }
  }
  const known = new Map(before.objects.toReversed().map((object) => [objectKey(object), object]))
  const kept = new Map<string, ClusterObject>()
  const problems: Diagnostic[] = []
  for (const lost of decoded.lost) {
    const object = known.get(lost.key)
    if (object !== undefined) kept.set(lost.key, object)
    problems.push(lostForm(lost, object !== undefined))
  }
  if (decoded.broken) {
    for (const object of decoded.objects) known.delete(objectKey(object))
    for (const [key, object] of known) kept.set(key, object)
    const problem = `${file}: cannot be read whole; what could be read of it is in force`
    problems.push({ severity: 'error', code: 'broken-file', problem, hint: '' })
  }
  const objects = [...decoded.objects, ...kept.values()]
  for (const object of decoded.objects) {
    const closed = object.kind === 'NetworkPolicy' ? namespaceClosed(object) : undefined
    if (closed !== undefined) problems.push(closed)
  }
  return { objects, whole: !decoded.broken && objects.length > 0, diagnostics: [...decoded.diagnostics, ...problems] }
}

/** A file of which nothing could be read keeps what it stands for. */
export function lastGood(file: string, { objects }: ManifestContents, what: string, code = 'broken-file'): Diagnostic {
  const count = objects.length === 1 ? 'one object' : `${objects.length} objects`
  const rest = objects.length === 0 ? '' : `; its last good state stays in force (${count})`
  return { severity: 'error', code, problem: `${file}: ${what}${rest}`, hint: '' }
}

function lostForm({ key, place }: LostObject, kept: boolean): Diagnostic {
  const problem = `${key} cannot be read: ${kept ? 'its last good form stays in force' : 'it is left out'}`
  return { severity: 'error', code: kept ? 'last-good-form' : 'left-out', problem, hint: '', place, object: key }
}
