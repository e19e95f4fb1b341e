import fc from 'fast-check'
import type { RawRequirement, RawSelector } from '../oracle/raw-cluster.ts'
import { type LabelUniverse, labels } from './labels.ts'
import { orNull, partial } from './optional.ts'

/** A selector over a universe: empty, one label, several, expressions of every operator; one meaning in many spellings. */
export function selector(universe: LabelUniverse): fc.Arbitrary<RawSelector> {
  const requirements = fc.array(requirement(universe), { maxLength: 2 })
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant({}) },
    { weight: 3, arbitrary: oneLabel(universe) },
    { weight: 3, arbitrary: requirement(universe).map((only) => ({ matchExpressions: [only] })) },
    { weight: 1, arbitrary: partial({ matchLabels: labels(universe), matchExpressions: orNull(requirements) }) },
  )
}

function oneLabel(universe: LabelUniverse): fc.Arbitrary<RawSelector> {
  return fc
    .constantFrom(...Object.entries(universe))
    .chain(([key, values]) => fc.constantFrom(...values).map((value) => ({ matchLabels: { [key]: value } })))
}

/** Values come in any order, with repeats, and now and then one that no object carries. */
function requirement(universe: LabelUniverse): fc.Arbitrary<RawRequirement> {
  return fc.constantFrom(...Object.entries(universe)).chain(([key, known]) => {
    const values = fc.array(fc.constantFrom(...known, ...known, 'nobody'), { minLength: 1, maxLength: 3 })
    return fc.oneof(
      { weight: 3, arbitrary: values.map((some) => ({ key, operator: 'In', values: some })) },
      { weight: 2, arbitrary: values.map((some) => ({ key, operator: 'NotIn', values: some })) },
      { weight: 1, arbitrary: withoutValues(key, 'Exists') },
      { weight: 1, arbitrary: withoutValues(key, 'DoesNotExist') },
    )
  })
}

function withoutValues(key: string, operator: string): fc.Arbitrary<RawRequirement> {
  return fc.constantFrom({ key, operator }, { key, operator, values: null }, { key, operator, values: [] })
}
