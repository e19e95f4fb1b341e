import { ALL_RULES } from '../../../compiler/lint/all-rules.ts'
import { POLICY_TEST_RULE, testFindings } from '../policy-test/test-sarif.ts'
import { sarif } from '../sarif.ts'
import type { Review } from './review-text.ts'

/** What lint finds and which tests fail, of the manifests after the change, in one category; `pathIn`: a path as the repository has it. */
export function reviewSarif({ findings, results }: Review, version: string, pathIn: (file: string) => string): object {
  const all = [...findings, ...testFindings(results)].map((finding) => {
    const { place } = finding
    return place === undefined ? finding : { ...finding, place: { ...place, file: pathIn(place.file) } }
  })
  return sarif(all, [...ALL_RULES, POLICY_TEST_RULE], version)
}
