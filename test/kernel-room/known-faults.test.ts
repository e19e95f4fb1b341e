import { expect, test } from 'vitest'
import { faultOf, KNOWN_FAULTS, type Met } from '../../src/kernel/known-faults.ts'

interface Row extends Omit<Met, 'nft' | 'whose' | 'kernel'> {
  readonly whose?: Met['whose']
  readonly kernel?: string
}

const BYTEORDER = { seen: 'refused IPv6', message: 'Could not process rule: Operation not supported' } as const

test.each<readonly [string, Row, readonly string[], readonly string[]]>([
  ['nft-too-old', { seen: 'version' }, ['0.9.8', '1.0.0'], ['1.0.1', '1.1.7']],
  ['ipv6-refused', { ...BYTEORDER, kernel: '6.12.117-amd64' }, ['1.0.1', '1.0.6'], ['1.1.3', '1.1.7']],
  ['ipv6-refused', { ...BYTEORDER, kernel: '7.2.13' }, ['1.0.6'], ['1.1.7']],
  ['nft-crashes', { seen: 'crash', message: 'SIGSEGV' }, ['1.0.1', '1.0.6', '1.1.7'], []],
  ['nft-crashable', { seen: 'foreign sets' }, ['1.0.1', '1.0.6', '1.0.9', '1.1.3'], ['1.0.6.1', '1.1.4', '1.2.0']],
  ['host-nft-crashes', { seen: 'version', whose: 'host' }, ['0.9.8', '1.0.0'], ['1.0.1', '1.0.2', '1.0.6', '1.1.7']],
])('%s, %o: nft %s, not nft %s', (id, row, faulty, fine) => {
  const found = (text: string) =>
    faultOf({ whose: 'own', kernel: '6.1.0', ...row, nft: text.split('.').map(Number) })?.id
  expect(faulty.map(found)).toEqual(faulty.map(() => id))
  expect(fine.map(found)).toEqual(fine.map(() => undefined))
})

test.each([
  ['a kernel that is too old for the ruleset', { ...BYTEORDER, kernel: '4.18.0-553.el8' }],
  ['a kernel without nf_tables', { seen: 'refused IPv6', message: 'Protocol not supported', kernel: '6.12.117' }],
] as const)('%s is not the nft of 1.0.6 that is broken', (_, row) => {
  expect(faultOf({ whose: 'own', nft: [1, 0, 6], ...row })).toBeUndefined()
})

test('the words name what was met', () => {
  const found = faultOf({ whose: 'own', nft: [1, 0, 6], kernel: '6.12.117', ...BYTEORDER })
  expect(found?.problem).toContain('nft 1.0.6 is broken on Linux 6.12.117')
  expect(found?.problem).toContain('(Could not process rule: Operation not supported)')
  expect(found?.cure).toContain('1.1.4 or later')
})

test('each says a cure, and leaves no word to fill in', () => {
  for (const { problem, cure } of KNOWN_FAULTS) {
    expect(problem.replace(/\{(?:nft|kernel|message)\}/g, '')).not.toMatch(/[{}]/)
    expect(cure).not.toBe('')
  }
})
