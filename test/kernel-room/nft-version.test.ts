import { expect, test } from 'vitest'
import { isOlder, readVersion } from '../../src/kernel/nft-version.ts'

test('versions are read as nft prints them', () => {
  expect(readVersion('nftables v1.0.6 (Lester Gooch #5)\n')).toEqual([1, 0, 6])
  expect(readVersion('nftables v1.0.6.1 (x)')).toEqual([1, 0, 6, 1])
  expect(readVersion('mystery 1.0')).toBeUndefined()
})

test('and compared number by number', () => {
  expect(isOlder([1, 0, 1], [1, 0, 10])).toBe(true)
  expect(isOlder([1, 0, 10], [1, 0, 2])).toBe(false)
  expect(isOlder([1, 0, 6], [1, 0, 6, 1])).toBe(true)
  expect(isOlder([1, 1], [1, 1, 0])).toBe(false)
})
