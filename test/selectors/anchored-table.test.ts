import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSelector, EVERYTHING, type Selector } from '../../compiler/objects/selector.ts'
import { createAnchoredTable } from '../../compiler/selectors/anchored-table.ts'
import { numRuns } from '../support/runs.ts'
import { labelSets, naivelySelects, selectors } from './universe.ts'

const steps = fc.tuple(fc.constantFrom('add' as const, 'add' as const, 'remove' as const), fc.nat(5), fc.nat(3))

test('after any history the table selects what a plain list of its entries selects', () => {
  const runs = numRuns(200)
  const seen = { selected: 0, removed: 0 }
  fc.assert(
    fc.property(
      fc.array(selectors, { minLength: 6, maxLength: 6 }),
      fc.array(steps, { minLength: 10, maxLength: 30 }),
      fc.array(labelSets, { minLength: 3, maxLength: 3 }),
      (known, history, asked) => {
        const table = createAnchoredTable<number>()
        const model: { selector: Selector; entry: number }[] = []
        for (const [type, which, entry] of history) {
          const selector = known[which] ?? EVERYTHING
          const at = model.findIndex((one) => one.selector.key === selector.key && one.entry === entry)
          if (type === 'add') {
            table.add(selector, entry)
            if (at < 0) model.push({ selector, entry })
          } else {
            table.remove(selector, entry)
            if (at >= 0) seen.removed += model.splice(at, 1).length
          }
          for (const labels of asked) {
            const selected = model.filter((one) => naivelySelects(one.selector, labels)).map((one) => one.entry)
            seen.selected += selected.length
            expect(table.select(labels.labels)).toEqual(new Set(selected))
          }
          expect(table.size).toBe(new Set(model.map((one) => one.selector.key)).size)
        }
      },
    ),
    { numRuns: runs },
  )
  expect(Math.min(seen.selected, seen.removed)).toBeGreaterThan(runs)
})

test('an entry under two selectors stays selected until both are removed', () => {
  const [byApp, byTier] = ['app', 'tier'].map((key) => createSelector([{ key, operator: 'Exists', values: [] }]))
  if (byApp === undefined || byTier === undefined) throw new Error('two selectors were made')
  const both = new Map([
    ['app', 'a'],
    ['tier', 'b'],
  ])
  const table = createAnchoredTable<string>()
  table.add(byApp, 'entry')
  table.add(byTier, 'entry')
  table.remove(byApp, 'entry')
  expect([...table.select(both)]).toEqual(['entry'])
  table.remove(byTier, 'entry')
  expect([...table.select(both)]).toEqual([])
})
