import { describe, test } from 'vitest'
import { isRequired, missingAloud } from './missing-aloud.ts'

/**
 * A group of tests that needs something of the machine. `reason`: why that is not there; then the group is skipped and its name says why.
 * With CI=true it fails instead, unless it may be missing there too.
 */
export function describeWhere(
  reason: string | undefined,
  name: string,
  body: () => void,
  { required = isRequired() }: { readonly required?: boolean } = {},
): void {
  if (reason === undefined) describe(name, body)
  else if (required) test(name, () => Promise.reject(new Error(reason)))
  else {
    missingAloud(name, reason, { required })
    describe.skip(`${name} (skipped: ${reason})`, body)
  }
}
