import type { DecodeContext } from './decode-context.ts'
import { decodeIdentity, describeObject, isNameGenerated } from './decode-metadata.ts'
import { decodePodHost } from './decode-pod-host.ts'
import type { Diagnostic } from './diagnostic.ts'
import { createLabelInterner } from './label-set.ts'
import { checkDnsSubdomain } from './name-syntax.ts'
import type { ClusterObject } from './objects.ts'
import { createObjectRegister } from './object-register.ts'
import {
  isKustomization,
  isTemplate,
  namesPolicies,
  notAnObject,
  notAnObjectText,
  type NotAnObject,
  withoutQuotes,
} from './not-an-object.ts'
import type { OtherObject } from './other-object.ts'
import { POLICY_TEST } from './policy-test-kind.ts'
import { createPassedOver, renderingHint } from './passed-over.ts'
import type { Place } from './place.ts'
import { createProblems } from './problems.ts'
import { eachDocument } from './read-documents.ts'
import type { Fields } from './read-fields.ts'
import { type Recognised, recogniseObject } from './recognise-object.ts'
import { createSkippedKinds } from './skipped-kinds.ts'
import type { SourceDocument } from './source-document.ts'
import { statefulSetPods } from './stateful-set-pods.ts'

export type { OtherObject }

export interface SourceText {
  /** The file's name as its reader knows it, or `-`. */
  readonly file: string
  readonly text: string
  /**
   * The folder in which the file was found; undefined where the file was named itself. In a folder other files may lie
   * beside manifests: what is no Kubernetes object there is passed over with a note, but is an error in a file that was
   * named.
   */
  readonly directory?: string | undefined
}

export interface ObjectsRead {
  readonly objects: readonly ClusterObject[]
  readonly others: readonly OtherObject[]
  /** In the order of the input; the notes on what was passed over and on skipped kinds come last, one a sort. */
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
  const passedOver = createPassedOver()
  const internLabels = createLabelInterner()
  let ofFile: Diagnostic[] = []
  const report = (diagnostic: Diagnostic): void => void ofFile.push(diagnostic)
  const register = createObjectRegister(report)
  /** Folders in which something was passed over, and those in which an object was found. */
  const passedIn = new Set<string>()
  const foundIn = new Set<string>()

  /** Says whether it may be passed over: what was given by its name may not. */
  function passOver(what: NotAnObject, { directory }: SourceText, place: Place | undefined, text = ''): boolean {
    if (directory === undefined || place === undefined) return false
    passedOver.add(what, place, what === 'template' && namesPolicies(text))
    passedIn.add(directory)
    return true
  }

  function read(document: SourceDocument, source: SourceText): void {
    const problems: Diagnostic[] = []
    const reportHere = (diagnostic: Diagnostic): void => void problems.push(diagnostic)
    const context: DecodeContext = { internLabels, defaultNamespace, report: reportHere, place: document.place }
    const object = readOne(document, source, context)
    // Quoted, an action of a template is YAML, and only no name or no number.
    const isWrong = problems.some(({ severity }) => severity === 'error')
    if (isWrong && isTemplate(document.text) && passOver('template', source, document.place([]), document.text)) return
    for (const problem of problems) report(problem)
    object?.()
  }

  /** Reads what a document holds; what comes back adds it. */
  function readOne(document: SourceDocument, source: SourceText, context: DecodeContext): (() => void) | undefined {
    const recognised: Recognised = document.head ? { is: 'unknown', ...document.head } : recogniseObject(document.value)
    if (recognised.is === 'wrong') {
      const what = notAnObject(document.value)
      if (what !== undefined && passOver(what, source, document.place([]))) return undefined
      const problems = createProblems(context, () => '')
      for (const problem of recognised.problems) problems.refuse(problem)
      return undefined
    }
    if (source.directory !== undefined) foundIn.add(source.directory)
    if (recognised.is === 'unknown') {
      const { apiVersion, kind } = recognised
      // Tests lie beside what they test, and are read by who runs them.
      if (apiVersion === POLICY_TEST.apiVersion && kind === POLICY_TEST.kind) return undefined
      if (isKustomization(apiVersion, kind)) passedOver.add('kustomization', document.place([]))
      else skipped.add(apiVersion, kind, document.place([]))
      return undefined
    }
    const { known, fields } = recognised
    const isGenerated = isNameGenerated(fields)
    if (known.decode === undefined) {
      const other = readOther(known.kind, fields, context)
      return other && (() => register.addOther(other, isGenerated))
    }
    const decoded = known.decode(fields, context)
    const object = decoded?.kind === 'Pod' ? decodePodHost(decoded, fields) : decoded
    const isSet = known.kind === 'StatefulSet' && object?.kind === 'Pod'
    const pods = isSet ? statefulSetPods(object, fields, internLabels) : undefined
    return object && (() => register.add(known.kind, object, { isGenerated, pods }))
  }

  for (const source of sources) {
    ofFile = []
    const { file, text } = source
    let passed = ''
    const onProblem = (diagnostic: Diagnostic, piece: string): void => {
      const what = notAnObjectText(piece)
      if (what === undefined || diagnostic.severity !== 'error') report(diagnostic)
      else if (passed === piece) return
      else if (passOver(what, source, diagnostic.place, piece)) passed = piece
      else if (what === 'template') {
        report(unrendered(file, diagnostic.place))
        passed = piece
      } else report(withoutQuotes(diagnostic, piece))
    }
    for (const document of eachDocument(file, text, onProblem)) read(document, source)
    for (const diagnostic of ofFile.sort(byPlace)) diagnostics.push(diagnostic)
  }
  for (const directory of passedIn) if (!foundIn.has(directory)) diagnostics.push(nothingIn(directory))
  return {
    objects: register.objects(),
    others: register.others(),
    diagnostics: [...diagnostics, ...passedOver.notes(), ...skipped.notes()],
  }
}

/** A file that was given by its name, and that a program has to make manifests of first. */
function unrendered(file: string, place: Place | undefined): Diagnostic {
  const problem = 'a template (it has {{ }}, as Helm charts have), not a manifest'
  return { severity: 'error', code: 'template', problem, hint: renderingHint('template', file), place }
}

function nothingIn(directory: string): Diagnostic {
  return { severity: 'error', code: 'no-objects', problem: `${directory}: holds no Kubernetes object`, hint: '' }
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
