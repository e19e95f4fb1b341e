import type { Diagnostic } from '../objects/diagnostic.ts'
import { createLabelInterner } from '../objects/label-set.ts'
import { nearestWord } from '../objects/did-you-mean.ts'
import { POLICY_TEST } from '../objects/policy-test-kind.ts'
import { quote } from '../objects/quote.ts'
import { eachDocument } from '../objects/read-documents.ts'
import { isFields } from '../objects/read-fields.ts'
import type { SourceText } from '../objects/read-objects.ts'
import type { SourceDocument } from '../objects/source-document.ts'
import { decodePolicyTest } from './decode-policy-test.ts'
import type { PolicyTest } from './policy-test.ts'

/** The tests of some files, and what is wrong with them. Every document has to be a PolicyTest: what is none tests nothing. */
export function readPolicyTests(sources: readonly SourceText[]): {
  readonly tests: readonly PolicyTest[]
  readonly diagnostics: readonly Diagnostic[]
} {
  const diagnostics: Diagnostic[] = []
  const tests: PolicyTest[] = []
  const report = (diagnostic: Diagnostic): void => void diagnostics.push(diagnostic)
  const internLabels = createLabelInterner()
  for (const { file, text } of sources) {
    for (const document of eachDocument(file, text, report)) {
      const { value } = document
      if (isPolicyTest(value)) tests.push(decodePolicyTest(value, { internLabels, report, place: document.place }))
      else report(noTest(document))
    }
  }
  return { tests, diagnostics }
}

function isPolicyTest(value: unknown): value is Readonly<Record<string, unknown>> {
  return isFields(value) && value['kind'] === POLICY_TEST.kind && value['apiVersion'] === POLICY_TEST.apiVersion
}

function noTest({ value, place }: SourceDocument): Diagnostic {
  const code = 'no-policy-test'
  const wanted = `apiVersion: ${POLICY_TEST.apiVersion} and kind: ${POLICY_TEST.kind}`
  // Without its value: whatever this is, it may be somebody's secret.
  if (!isFields(value) || typeof value['kind'] !== 'string' || typeof value['apiVersion'] !== 'string') {
    return { severity: 'error', code, problem: `no PolicyTest: must have ${wanted}`, hint: '', place: place([]) }
  }
  const { kind, apiVersion } = value
  if (kind === POLICY_TEST.kind) {
    const problem = `no matches for kind ${quote(kind)} in version ${quote(apiVersion)}`
    return { severity: 'error', code, problem, hint: `use "${POLICY_TEST.apiVersion}"`, place: place(['apiVersion']) }
  }
  const near = nearestWord(kind, [POLICY_TEST.kind])
  const hint = near === undefined ? 'manifests are named by "manifests" of a PolicyTest' : `did you mean "${near}"?`
  return { severity: 'error', code, problem: `${quote(kind)} is no PolicyTest`, hint, place: place(['kind']) }
}
