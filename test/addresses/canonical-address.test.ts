import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalAddress } from '../../compiler/addresses/canonical-address.ts'
import { parseAddress } from '../../compiler/addresses/parse-address.ts'
import { numRuns } from '../support/runs.ts'

const text = fc.oneof(fc.ipV4(), fc.ipV6())

describe('canonicalAddress', () => {
  test.each([
    ['10.244.1.7', '10.244.1.7'],
    ['FD00:0:0::7', 'fd00::7'],
    ['::FFFF:10.244.1.7', '10.244.1.7'],
    ['::1.2.3.4', '::102:304'],
  ])('%s is %s', (given, expected) => {
    expect(canonicalAddress(given)).toBe(expected)
  })

  test.each(['', '010.0.0.1', '10.0.0.0/8', 'fe80::1%eth0', 'None'])('%j is none', (given) => {
    expect(canonicalAddress(given)).toBeUndefined()
  })

  test('it keeps the address and is its own canonical text', () => {
    fc.assert(
      fc.property(text, (given) => {
        const canonical = canonicalAddress(given)
        expect(canonical).toBeDefined()
        expect(parseAddress(canonical ?? '')).toEqual(parseAddress(given))
        expect(canonicalAddress(canonical ?? '')).toBe(canonical)
      }),
      { numRuns: numRuns(200) },
    )
  })
})
