import type { Requirement, Selector } from '../objects/selector.ts'

/** Does the selector select an object with these labels? All requirements must hold (meta/v1 LabelSelector). */
export function matchesSelector(selector: Selector, labels: ReadonlyMap<string, string>): boolean {
  return selector.requirements.every((requirement) => holds(requirement, labels))
}

function holds({ key, operator, values }: Requirement, labels: ReadonlyMap<string, string>): boolean {
  const value = labels.get(key)
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value)
    case 'NotIn':
      // An object without the label is selected too (apimachinery labels.Requirement.Matches).
      return value === undefined || !values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
  }
}
