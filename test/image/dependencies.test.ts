import { expect, test } from 'vitest'
import { unmetDependencies } from '../../deploy/image/dependencies.ts'

const control = (version: string, depends: string) =>
  `Package: x\nVersion: ${version}\nDepends: ${depends}\nArchitecture: amd64`

test('packages fit together when each has the versions that it asks for', async () => {
  const controls = new Map([
    [
      'nftables',
      control('1.1.7-1', 'libnftables1 (= 1.1.7-1), libc6 (>= 2.38), adduser (>= 9), debconf (>= 0.5) | libc6 (>= 99)'),
    ],
    ['libnftables1', control('1.1.7-1', 'libc6:amd64 (>= 2.41-12~), libmnl0 (<< 2)')],
    ['libc6', control('2.41-12+deb13u5', '')],
  ])
  expect(await unmetDependencies(controls)).toEqual([])
})

test('a package that asks for more than is there is named, with what it asks for', async () => {
  const controls = new Map([
    ['nftables', control('1.1.8-1', 'libnftables1 (= 1.1.8-1), libc6 (>= 2.42)')],
    ['libnftables1', control('1.1.7-1', 'libc6 (<= 2.40)')],
    ['libc6', control('2.41-12+deb13u5', '')],
  ])
  expect(await unmetDependencies(controls)).toEqual([
    'nftables 1.1.8-1 needs libnftables1 = 1.1.8-1, and 1.1.7-1 is the one',
    'nftables 1.1.8-1 needs libc6 >= 2.42, and 2.41-12+deb13u5 is the one',
    'libnftables1 1.1.7-1 needs libc6 <= 2.40, and 2.41-12+deb13u5 is the one',
  ])
})
