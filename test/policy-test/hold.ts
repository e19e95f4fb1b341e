import { stringify } from 'yaml'
import type { Cluster } from '../../compiler/cluster/create-cluster.ts'
import { formatDiagnostic } from '../../compiler/objects/diagnostic.ts'
import { readPolicyTests } from '../../compiler/policy-test/read-policy-tests.ts'
import { runAssertions, type TestResult } from '../../compiler/policy-test/run-assertions.ts'

/** Holds a cluster against tests as people write them. */
export function hold(cluster: Cluster, tests: readonly object[]): readonly TestResult[] {
  return holdText(cluster, stringify({ apiVersion: 'selvedge.io/v1alpha1', kind: 'PolicyTest', tests }))
}

/** The same from the text of a file; throws where that has an error. */
export function holdText(cluster: Cluster, text: string): readonly TestResult[] {
  const { tests, diagnostics } = readPolicyTests([{ file: 'a.policytest.yaml', text }])
  if (diagnostics.length > 0) throw new Error(diagnostics.map(formatDiagnostic).join('\n'))
  return runAssertions(
    cluster,
    tests.flatMap(({ assertions }) => assertions),
    'default',
  )
}

/** What each test came to: `passed`, or why not. */
export function outcomes(results: readonly TestResult[]): readonly string[] {
  return results.map(({ status, failures, problem }) =>
    status === 'passed'
      ? status
      : [problem, ...failures.map(({ text }) => text)].filter((text) => text !== '').join('\n'),
  )
}
