/** One condition on one label (meta/v1 LabelSelectorRequirement); `matchLabels` is `In` with one value. */
export interface Requirement {
  readonly key: string
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist'
  /** Sorted, without repeats; empty for Exists and DoesNotExist. */
  readonly values: readonly string[]
}

/** A label selector in normal form: requirements sorted, none twice; no requirement selects everything. */
export interface Selector {
  /** Its text, such as `app in (a,b), !legacy`: equal selectors have equal keys. */
  readonly key: string
  readonly requirements: readonly Requirement[]
}

/** A label selector's normal form from requirements in any order, with repeats. */
export function createSelector(requirements: readonly Requirement[]): Selector {
  const byText = new Map<string, Requirement>()
  for (const requirement of requirements) {
    const values = [...new Set(requirement.values)].sort()
    const normal = { key: requirement.key, operator: requirement.operator, values }
    byText.set(requirementText(normal), normal)
  }
  const sorted = [...byText].sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
  return { key: sorted.map(([text]) => text).join(', '), requirements: sorted.map(([, requirement]) => requirement) }
}

/** Selects every object. */
export const EVERYTHING: Selector = { key: '', requirements: [] }

function requirementText({ key, operator, values }: Requirement): string {
  switch (operator) {
    case 'In':
      return values.length === 1 ? `${key}=${values[0]}` : `${key} in (${values.join(',')})`
    case 'NotIn':
      return `${key} notin (${values.join(',')})`
    case 'Exists':
      return key
    case 'DoesNotExist':
      return `!${key}`
  }
}
