import { nearestWord } from './did-you-mean.ts'
import type { FieldPath } from './field-path.ts'
import { invalidValue, unsupportedValue } from './field-problems.ts'
import type { Problems } from './problems.ts'
import { readList, readString } from './read-fields.ts'

export interface IsolatedDirections {
  readonly ingress: boolean
  readonly egress: boolean
}

const POLICY_TYPES = ['Ingress', 'Egress']
const PATH: FieldPath = ['spec', 'policyTypes']

/** spec.policyTypes; undefined when it is missing, empty or refused (the caller asks `problems`). */
export function decodePolicyTypes(value: unknown, problems: Problems): IsolatedDirections | undefined {
  const list = readList(value, PATH, problems)
  if (list === undefined || list.length === 0) return undefined
  if (list.length > POLICY_TYPES.length) {
    problems.tell(invalidValue(PATH, list, 'may not specify more than two policyTypes'))
  }
  const refusals = problems.refusals()
  for (const [index, item] of list.entries()) {
    const written = item ?? ''
    if (POLICY_TYPES.some((known) => known === written)) continue
    if (typeof written !== 'string') readString(written, [...PATH, index], problems)
    else problems.refuse(unsupportedValue([...PATH, index], written, POLICY_TYPES, hintFor(written)))
  }
  if (problems.refusals() > refusals) return undefined
  return { ingress: list.includes('Ingress'), egress: list.includes('Egress') }
}

function hintFor(written: string): string {
  const nearest = nearestWord(written, POLICY_TYPES)
  return nearest === undefined ? '' : `did you mean "${nearest}"?`
}
