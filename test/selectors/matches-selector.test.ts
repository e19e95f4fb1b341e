import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSelector, EVERYTHING, type Requirement } from '../../compiler/objects/selector.ts'
import { matchesSelector } from '../../compiler/selectors/matches-selector.ts'
import { labelAnchors, selectorAnchors } from '../../compiler/selectors/selector-anchors.ts'
import { numRuns } from '../support/runs.ts'
import { labelSets, naivelySelects, selectors } from './universe.ts'

interface Row {
  readonly says: string
  readonly requirement: Requirement
  readonly labels: Readonly<Record<string, string>>
  readonly selects: boolean
}

const rows: readonly Row[] = [
  { says: 'In, one of the values', requirement: of('In', 'a', 'b'), labels: { app: 'b' }, selects: true },
  { says: 'In, another value', requirement: of('In', 'a', 'b'), labels: { app: 'c' }, selects: false },
  { says: 'In, no such label', requirement: of('In', 'a'), labels: { tier: 'a' }, selects: false },
  { says: 'In with the empty value, label empty', requirement: of('In', ''), labels: { app: '' }, selects: true },
  { says: 'In with the empty value, no such label', requirement: of('In', ''), labels: {}, selects: false },
  { says: 'NotIn, one of the values', requirement: of('NotIn', 'a', 'b'), labels: { app: 'a' }, selects: false },
  { says: 'NotIn, another value', requirement: of('NotIn', 'a'), labels: { app: 'b' }, selects: true },
  { says: 'NotIn, no such label', requirement: of('NotIn', 'a'), labels: {}, selects: true },
  { says: 'Exists, label empty', requirement: of('Exists'), labels: { app: '' }, selects: true },
  { says: 'Exists, no such label', requirement: of('Exists'), labels: { tier: 'a' }, selects: false },
  { says: 'DoesNotExist, label empty', requirement: of('DoesNotExist'), labels: { app: '' }, selects: false },
  { says: 'DoesNotExist, no such label', requirement: of('DoesNotExist'), labels: {}, selects: true },
]

test.each(rows)('$says: $selects', ({ requirement, labels, selects }) => {
  expect(matchesSelector(createSelector([requirement]), new Map(Object.entries(labels)))).toBe(selects)
})

test('no requirement selects everything; of several all must hold', () => {
  const both = createSelector([of('In', 'a'), { key: 'tier', operator: 'Exists', values: [] }])
  expect(matchesSelector(EVERYTHING, new Map())).toBe(true)
  expect(matchesSelector(both, new Map([['app', 'a']]))).toBe(false)
  expect(matchesSelector(both, new Map([['tier', 'x']]))).toBe(false)
  expect(
    matchesSelector(
      both,
      new Map([
        ['app', 'a'],
        ['tier', 'x'],
      ]),
    ),
  ).toBe(true)
})

test('whatever a selector selects has one of its anchors', () => {
  const runs = numRuns(1000)
  let anchored = 0
  fc.assert(
    fc.property(selectors, labelSets, (selector, labels) => {
      const selects = matchesSelector(selector, labels.labels)
      expect(selects).toBe(naivelySelects(selector, labels))
      const anchors = selectorAnchors(selector)
      if (!selects || anchors === undefined) return
      anchored += 1
      const own = new Set(labelAnchors(labels.labels))
      expect(anchors.some((anchor) => own.has(anchor))).toBe(true)
    }),
    { numRuns: runs },
  )
  expect(anchored).toBeGreaterThan(runs / 40)
})

function of(operator: Requirement['operator'], ...values: string[]): Requirement {
  return { key: 'app', operator, values }
}
