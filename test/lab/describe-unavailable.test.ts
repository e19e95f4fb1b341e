import { afterEach, expect, test, vi } from 'vitest'
import { describeUnavailable } from '../../src/lab/describe-unavailable.ts'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

test('programs that are not installed are named', () => {
  vi.stubEnv('PATH', '/nonexistent')
  expect(describeUnavailable()).toMatch(/^not installed: .*nft, tcpreplay/)
})

test('who is not root is told of user namespaces', () => {
  vi.spyOn(process, 'geteuid').mockReturnValue(1000)
  expect(describeUnavailable()).toMatch(/not installed|user namespace/)
})

test('another system is named', () => {
  vi.spyOn(process, 'platform', 'get').mockReturnValue('darwin')
  expect(describeUnavailable()).toMatch(/darwin/)
})
