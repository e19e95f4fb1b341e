import { readPolicyTests } from '../../../compiler/policy-test/read-policy-tests.ts'
import { findPolicyTests } from '../../sources/files/find-policy-tests.ts'
import { readPaths } from '../../sources/files/read-paths.ts'
import { manifestsOf } from '../run-test-files.ts'

/** What PolicyTests would have read; of what is no test, nothing: reading it says why. */
export function testedPaths(paths: readonly string[]): readonly string[] {
  try {
    return readPolicyTests(readPaths(findPolicyTests(paths)).sources).tests.flatMap(manifestsOf)
  } catch {
    return []
  }
}
