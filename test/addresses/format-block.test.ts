import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatBlock } from '../../compiler/addresses/format-block.ts'
import { numRuns } from '../support/runs.ts'
import { block } from './arbitraries.ts'

test.each([
  ['10.0.0.0/8', { family: 'IPv4', first: 0x0a000000n, prefix: 8 }],
  ['10.0.0.1/32', { family: 'IPv4', first: 0x0a000001n, prefix: 32 }],
  ['0.0.0.0/0', { family: 'IPv4', first: 0n, prefix: 0 }],
  ['::/0', { family: 'IPv6', first: 0n, prefix: 0 }],
  ['fd00:1::/48', { family: 'IPv6', first: 0xfd000001n << 96n, prefix: 48 }],
] as const)('%s', (text, one) => {
  expect(formatBlock(one)).toBe(text)
})

test('two blocks have one text exactly when they are equal', () => {
  fc.assert(
    fc.property(block, block, (a, b) => {
      const equal = a.family === b.family && a.first === b.first && a.prefix === b.prefix
      expect(formatBlock(a) === formatBlock(b)).toBe(equal)
    }),
    { numRuns: numRuns(200) },
  )
})
