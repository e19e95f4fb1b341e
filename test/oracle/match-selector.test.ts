import { expect, test } from 'vitest'
import { matchesSelector } from './match-selector.ts'
import type { RawLabels, RawSelector } from './raw-cluster.ts'

const expression = (operator: string, ...values: readonly string[]): RawSelector => ({
  matchExpressions: [{ key: 'app', operator, ...(values.length > 0 && { values }) }],
})

const rows: readonly (readonly [RawSelector, RawLabels, boolean])[] = [
  [{}, {}, true],
  [{ matchLabels: null, matchExpressions: null }, {}, true],
  [{ matchLabels: {}, matchExpressions: [] }, { app: 'a' }, true],
  [{ matchLabels: { app: 'a' } }, { app: 'a', tier: 'x' }, true],
  [{ matchLabels: { app: 'a' } }, { app: 'b' }, false],
  [{ matchLabels: { app: '' } }, {}, false],
  [{ matchLabels: { app: '' } }, { app: '' }, true],
  [{ matchLabels: { app: 'a', tier: 'x' } }, { app: 'a' }, false],
  [expression('In', 'a', 'b'), { app: 'b' }, true],
  [expression('In', 'a', 'b'), { app: 'c' }, false],
  [expression('In', 'a', 'b'), {}, false],
  [expression('NotIn', 'a', 'b'), { app: 'b' }, false],
  [expression('NotIn', 'a', 'b'), { app: 'c' }, true],
  [expression('NotIn', 'a', 'b'), {}, true],
  [expression('Exists'), { app: '' }, true],
  [expression('Exists'), { other: 'a' }, false],
  [expression('DoesNotExist'), { app: '' }, false],
  [expression('DoesNotExist'), { other: 'a' }, true],
  [{ ...expression('NotIn', 'b'), matchLabels: { app: 'a' } }, { app: 'a' }, true],
  [{ ...expression('NotIn', 'a'), matchLabels: { app: 'a' } }, { app: 'a' }, false],
  [{ matchExpressions: [{ key: 'constructor', operator: 'Exists' }] }, {}, false],
]

test.each(rows)('%j on %j: %s', (selector, labels, matches) => expect(matchesSelector(selector, labels)).toBe(matches))
