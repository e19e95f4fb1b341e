import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { overwrite } from '../../src/kernel/overwrite.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

test('the file is the last text and nothing else, longer or shorter than the one before', () => {
  const file = join(temporaryFolder(), 'transaction')
  for (const text of ['add element\n', 'add element – longer, of two bytes and more: ü\n', 'x\n', '']) {
    overwrite(file, text)
    expect(readFileSync(file, 'utf8')).toBe(text)
  }
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

test('where it cannot be written it throws, as fs does', () => {
  expect(() => overwrite(join(temporaryFolder(), 'gone', 'transaction'), 'x')).toThrow(/ENOENT/)
})
