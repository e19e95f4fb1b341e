import { decodeLabels } from './decode-labels.ts'
import { nearestWord } from './did-you-mean.ts'
import type { FieldPath } from './field-path.ts'
import { forbidden, invalidValue, requiredValue } from './field-problems.ts'
import { checkLabelKey, checkLabelValue } from './label-syntax.ts'
import type { Problems } from './problems.ts'
import { readList, readMapping, readString } from './read-fields.ts'
import { createSelector, type Requirement, type Selector } from './selector.ts'
import { checkFields } from './unknown-fields.ts'

const OPERATORS: readonly Requirement['operator'][] = ['In', 'NotIn', 'Exists', 'DoesNotExist']

/** A meta/v1 LabelSelector; missing, it selects everything. Undefined when any of it is refused. */
export function decodeSelector(value: unknown, path: FieldPath, problems: Problems): Selector | undefined {
  const refusals = problems.refusals()
  const fields = readMapping(value, path, problems)
  if (fields === undefined) return undefined
  checkFields(fields, 'selector', path, problems)
  const requirements: Requirement[] = []
  for (const [key, text] of decodeLabels(fields['matchLabels'], [...path, 'matchLabels'], problems)) {
    requirements.push({ key, operator: 'In', values: [text] })
  }
  const listPath = [...path, 'matchExpressions']
  for (const [index, item] of (readList(fields['matchExpressions'], listPath, problems) ?? []).entries()) {
    const requirement = decodeRequirement(item, [...listPath, index], problems)
    if (requirement !== undefined) requirements.push(requirement)
  }
  if (problems.refusals() > refusals) return undefined
  const selector = createSelector(requirements)
  return problems.context.sharing?.selector(selector) ?? selector
}

function decodeRequirement(value: unknown, path: FieldPath, problems: Problems): Requirement | undefined {
  const fields = readMapping(value, path, problems)
  if (fields === undefined) return undefined
  checkFields(fields, 'requirement', path, problems)
  const operator = decodeOperator(fields['operator'], [...path, 'operator'], problems)
  const key = decodeKey(fields['key'], [...path, 'key'], problems)
  const values = decodeValues(fields['values'], [...path, 'values'], problems)
  if (values === undefined || operator === undefined) return undefined
  const takesValues = operator === 'In' || operator === 'NotIn'
  if (takesValues && values.length === 0) {
    problems.refuse(requiredValue([...path, 'values'], "must be specified when `operator` is 'In' or 'NotIn'"))
  } else if (!takesValues && values.length > 0) {
    const detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
    problems.refuse(forbidden([...path, 'values'], detail, 'leave values out, or use In or NotIn'))
  }
  return { key, operator, values }
}

function decodeOperator(value: unknown, path: FieldPath, problems: Problems): Requirement['operator'] | undefined {
  const written = value === undefined || value === null ? '' : value
  const operator = OPERATORS.find((known) => known === written)
  if (operator !== undefined) return operator
  if (typeof written !== 'string') readString(written, path, problems)
  else {
    const nearest = nearestWord(written, OPERATORS)
    const hint = nearest === undefined ? `one of ${OPERATORS.join(', ')}` : `did you mean "${nearest}"?`
    problems.refuse(invalidValue(path, written, 'not a valid selector operator', hint))
  }
  return undefined
}

function decodeKey(value: unknown, path: FieldPath, problems: Problems): string {
  const refusals = problems.refusals()
  const key = readString(value, path, problems) ?? ''
  if (problems.refusals() > refusals) return ''
  for (const problem of checkLabelKey(key)) problems.refuse(invalidValue(path, key, problem))
  return key
}

function decodeValues(value: unknown, path: FieldPath, problems: Problems): readonly string[] | undefined {
  return readList(value, path, problems)?.map((item, index) => {
    // The API server decodes null in a list of strings as the empty string.
    const text = readString(item, [...path, index], problems) ?? ''
    for (const problem of checkLabelValue(text)) problems.refuse(invalidValue([...path, index], text, problem))
    return text
  })
}
