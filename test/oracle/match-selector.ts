import type { RawLabels, RawRequirement, RawSelector } from './raw-cluster.ts'

/** meta/v1 LabelSelector: all of matchLabels and all of matchExpressions must hold; an empty selector matches everything. */
export function matchesSelector(selector: RawSelector, labels: RawLabels): boolean {
  const matchLabels = Object.entries(selector.matchLabels ?? {})
  const matchExpressions = selector.matchExpressions ?? []
  return (
    matchLabels.every(([key, value]) => valueOf(labels, key) === value) &&
    matchExpressions.every((requirement) => meets(requirement, valueOf(labels, requirement.key)))
  )
}

/** `value` undefined: the object has no such label, which NotIn and DoesNotExist accept. */
function meets(requirement: RawRequirement, value: string | undefined): boolean {
  const values = requirement.values ?? []
  switch (requirement.operator) {
    case 'In':
      return value !== undefined && values.includes(value)
    case 'NotIn':
      return value === undefined || !values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    default:
      throw new Error(`unreadable operator ${requirement.operator}: its policy is judged closed before it comes here`)
  }
}

/** Own properties only: a selector may name a label `constructor`. */
function valueOf(labels: RawLabels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined
}
