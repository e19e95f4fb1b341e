import type { DecodeContext } from './decode-context.ts'
import { decodeIdentity, describeObject } from './decode-metadata.ts'
import type { Diagnostic } from './diagnostic.ts'
import { createLabelInterner } from './label-set.ts'
import { checkDnsSubdomain } from './name-syntax.ts'
import type { ClusterObject } from './objects.ts'
import { formatPlace, type Place } from './place.ts'
import { createProblems } from './problems.ts'
import { eachDocument } from './read-documents.ts'
import type { Fields } from './read-fields.ts'
import { recogniseObject } from './recognise-object.ts'
import { createSkippedKinds } from './skipped-kinds.ts'
import type { SourceDocument } from './source-document.ts'

export interface SourceText {
  /** The file's name as its reader knows it, or `-`. */
  readonly file: string
  readonly text: string
}

/** A Service or Ingress of the input: only its name has been looked at. */
export interface OtherObject {
  readonly kind: string
  readonly namespace: string
  readonly name: string
  readonly value: Fields
  readonly place?: Place | undefined
}

export interface ObjectsRead {
  readonly objects: readonly ClusterObject[]
  readonly others: readonly OtherObject[]
  /** In the order of the input; the notes on skipped kinds come last, one a kind. */
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * All objects of some files. Of two with one kind, namespace and name the first stays, and an error names both places.
 * Whether an error is one too many is the caller's to say: what could be read is here in any case.
 */
export function readObjects(
  sources: readonly SourceText[],
  { defaultNamespace }: { readonly defaultNamespace: string },
): ObjectsRead {
  const diagnostics: Diagnostic[] = []
  const objects: ClusterObject[] = []
  const others: OtherObject[] = []
  const skipped = createSkippedKinds()
  const firstPlaces = new Map<string, Place | undefined>()
  const internLabels = createLabelInterner()
  const report = (diagnostic: Diagnostic): void => void ofFile.push(diagnostic)
  let ofFile: Diagnostic[] = []

  function isFirst(kind: string, namespace: string, name: string, place: Place | undefined): boolean {
    const owner = namespace === '' ? name : `${namespace}/${name}`
    const key = `${kind} ${owner}`
    if (!firstPlaces.has(key)) {
      firstPlaces.set(key, place)
      return true
    }
    const first = firstPlaces.get(key)
    const problem = `${kind} "${owner}" already exists${first === undefined ? '' : `, first at ${formatPlace(first)}`}`
    report({ severity: 'error', code: 'duplicate-name', problem, hint: 'rename or remove one', place, object: key })
    return false
  }

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
          if (other && isFirst(other.kind, other.namespace, other.name, other.place)) others.push(other)
          return
        }
        const object = known.decode(fields, context)
        const namespace = object?.kind === 'Namespace' ? '' : object?.namespace
        if (object && isFirst(known.kind, namespace ?? '', object.name, object.place)) objects.push(object)
      }
    }
  }

  for (const { file, text } of sources) {
    ofFile = []
    for (const document of eachDocument(file, text, report)) read(document)
    for (const diagnostic of ofFile.sort(byPlace)) diagnostics.push(diagnostic)
  }
  return { objects, others, diagnostics: [...diagnostics, ...skipped.notes()] }
}

/** From the top of a file to its end; of one place, as they were found. */
function byPlace({ place: left }: Diagnostic, { place: right }: Diagnostic): number {
  return (left?.line ?? 0) - (right?.line ?? 0) || (left?.column ?? 0) - (right?.column ?? 0)
}

function readOther(kind: string, value: Fields, context: DecodeContext): OtherObject | undefined {
  const problems = createProblems(context, () => describeObject(kind, value, context))
  const identity = decodeIdentity(value, checkDnsSubdomain, problems)
  if (identity === undefined) return undefined
  return { kind, namespace: identity.namespace, name: identity.name, value, place: context.place([]) }
}
