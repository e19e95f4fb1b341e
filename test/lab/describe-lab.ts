import { describeUnavailable } from '../../src/lab/describe-unavailable.ts'
import { describeWhere } from '../support/describe-where.ts'

/** A group of tests that needs network namespaces, as {@link describeWhere} has it. */
export function describeLab(name: string, body: () => void): void {
  describeWhere(describeUnavailable(), name, body)
}
