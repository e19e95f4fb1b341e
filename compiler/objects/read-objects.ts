import type { DecodeContext } from './decode-context.ts'
import { decodeIdentity, describeObject, isNameGenerated } from './decode-metadata.ts'
import { decodePodHost } from './decode-pod-host.ts'
import type { Diagnostic } from './diagnostic.ts'
import { createLabelInterner } from './label-set.ts'
import { checkDnsSubdomain } from './name-syntax.ts'
import type { ClusterObject } from './objects.ts'
import { createObjectRegister } from './object-register.ts'
import type { OtherObject } from './other-object.ts'
import { createProblems } from './problems.ts'
import { eachDocument } from './read-documents.ts'
import type { Fields } from './read-fields.ts'
import { recogniseObject } from './recognise-object.ts'
import { createSkippedKinds } from './skipped-kinds.ts'
import type { SourceDocument } from './source-document.ts'
import { statefulSetPods } from './stateful-set-pods.ts'

export type { OtherObject }

export interface SourceText {
  /** The file's name as its reader knows it, or `-`. */
  readonly file: string
  readonly text: string
}

export interface ObjectsRead {
  readonly objects: readonly ClusterObject[]
  readonly others: readonly OtherObject[]
  /** In the order of the input; the notes on skipped kinds come last, one a kind. */
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * All objects of some files. Of two with one kind, namespace and name the first stays; an error names both places where they
 * differ in what policy looks at. A StatefulSet is its pods, as far as the input does not hold those themselves.
 * Whether an error is one too many is the caller's to say: what could be read is here in any case.
 */
export function readObjects(
  sources: readonly SourceText[],
  { defaultNamespace }: { readonly defaultNamespace: string },
): ObjectsRead {
  const diagnostics: Diagnostic[] = []
  const skipped = createSkippedKinds()
  const internLabels = createLabelInterner()
  const report = (diagnostic: Diagnostic): void => void ofFile.push(diagnostic)
  const register = createObjectRegister(report)
  let ofFile: Diagnostic[] = []

  function read(document: SourceDocument): void {
    const context: DecodeContext = { internLabels, defaultNamespace, report, place: document.place }
    const recognised = recogniseObject(document.value)
    switch (recognised.is) {
      case 'wrong': {
        const problems = createProblems(context, () => '')
        for (const problem of recognised.problems) problems.refuse(problem)
        return
      }
      case 'unknown':
        skipped.add(recognised.apiVersion, recognised.kind, document.place([]))
        return
      case 'known': {
        const { known, fields } = recognised
        if (known.decode === undefined) {
          const other = readOther(known.kind, fields, context)
          if (other !== undefined) register.addOther(other, isNameGenerated(fields))
          return
        }
        const decoded = known.decode(fields, context)
        if (decoded === undefined) return
        const object = decoded.kind === 'Pod' ? decodePodHost(decoded, fields) : decoded
        const isSet = known.kind === 'StatefulSet' && object.kind === 'Pod'
        const pods = isSet ? statefulSetPods(object, fields, internLabels) : undefined
        register.add(known.kind, object, { isGenerated: isNameGenerated(fields), pods })
      }
    }
  }

  for (const { file, text } of sources) {
    ofFile = []
    for (const document of eachDocument(file, text, report)) read(document)
    for (const diagnostic of ofFile.sort(byPlace)) diagnostics.push(diagnostic)
  }
  return {
    objects: register.objects(),
    others: register.others(),
    diagnostics: [...diagnostics, ...skipped.notes()],
  }
}

/** From the top of a file to its end; of one place, as they were found. */
function byPlace({ place: left }: Diagnostic, { place: right }: Diagnostic): number {
  return (left?.line ?? 0) - (right?.line ?? 0) || (left?.column ?? 0) - (right?.column ?? 0)
}

function readOther(kind: string, value: Fields, context: DecodeContext): OtherObject | undefined {
  const problems = createProblems(context, () => describeObject(kind, value, context))
  const identity = decodeIdentity(value, checkDnsSubdomain, problems)
  if (identity === undefined) return undefined
  const namespace = kind === 'Node' ? '' : identity.namespace
  return { kind, namespace, name: identity.name, value, place: context.place([]) }
}
