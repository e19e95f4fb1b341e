import type { DecodeContext } from '../../../compiler/objects/decode-context.ts'
import { decodeIdentity, describeObject } from '../../../compiler/objects/decode-metadata.ts'
import { decodeObject } from '../../../compiler/objects/decode-object.ts'
import type { Diagnostic } from '../../../compiler/objects/diagnostic.ts'
import { createLabelInterner } from '../../../compiler/objects/label-set.ts'
import { checkDnsSubdomain } from '../../../compiler/objects/name-syntax.ts'
import type { ClusterObject } from '../../../compiler/objects/objects.ts'
import type { Place } from '../../../compiler/objects/place.ts'
import { createProblems } from '../../../compiler/objects/problems.ts'
import { eachDocument } from '../../../compiler/objects/read-documents.ts'
import { type Recognised, recogniseObject } from '../../../compiler/objects/recognise-object.ts'
import { createSharing } from '../create-sharing.ts'
import { createSkippedKinds } from '../../../compiler/objects/skipped-kinds.ts'
import type { Pace } from './pace.ts'

/** One text, decoded as far as it goes. */
export interface DecodedManifest {
  /** In the order of the text; of one name several times, all of them. */
  readonly objects: readonly ClusterObject[]
  /** Pods and namespaces that have a name but no form (labels that cannot be read). */
  readonly lost: readonly LostObject[]
  /** Something in it is not even a named object: nobody can say what it leaves out. */
  readonly broken: boolean
  /** From the top of the text to its end; the notes on skipped kinds come last. */
  readonly diagnostics: readonly Diagnostic[]
}

export interface LostObject {
  readonly key: string
  readonly place: Place | undefined
}

export interface DecodeOptions {
  readonly defaultNamespace: string
  readonly pace: Pace
}

/**
 * As readObjects does it for commands, but a document at a time with a pause between them: fifty thousand documents take
 * longer than a health probe waits. One document, however large, is one piece.
 */
export async function decodeManifest(
  file: string,
  text: string,
  { defaultNamespace, pace }: DecodeOptions,
): Promise<DecodedManifest> {
  const objects: ClusterObject[] = []
  const lost: LostObject[] = []
  const diagnostics: Diagnostic[] = []
  const skipped = createSkippedKinds()
  const internLabels = createLabelInterner()
  const sharing = createSharing()
  const report = (diagnostic: Diagnostic): void => void diagnostics.push(diagnostic)
  let broken = false
  const reportSyntax = (diagnostic: Diagnostic): void => {
    broken ||= diagnostic.severity === 'error'
    report(diagnostic)
  }

  for (const document of eachDocument(file, text, reportSyntax)) {
    const { place } = document
    const context: DecodeContext = { internLabels, sharing, defaultNamespace, report, place }
    const recognised: Recognised = document.head ? { is: 'unknown', ...document.head } : recogniseObject(document.value)
    switch (recognised.is) {
      case 'wrong':
        decodeObject(document.value, context)
        broken = true
        break
      case 'unknown':
        skipped.add(recognised.apiVersion, recognised.kind, place([]))
        break
      case 'known': {
        const { known, fields } = recognised
        if (known.decode === undefined) break
        const object = known.decode(fields, context)
        if (object !== undefined) objects.push(object)
        else if (isNamed(fields, context))
          lost.push({ key: describeObject(known.kind, fields, context), place: place([]) })
        else broken = true
      }
    }
    await pace()
  }
  return { objects, lost, broken, diagnostics: [...diagnostics.sort(byPlace), ...skipped.notes()] }
}

/** Its problems have been told by the decoding. */
function isNamed(fields: Readonly<Record<string, unknown>>, context: DecodeContext): boolean {
  const silent = createProblems({ ...context, report: () => {} }, () => '')
  return decodeIdentity(fields, checkDnsSubdomain, silent) !== undefined
}

function byPlace({ place: left }: Diagnostic, { place: right }: Diagnostic): number {
  return (left?.line ?? 0) - (right?.line ?? 0) || (left?.column ?? 0) - (right?.column ?? 0)
}
