import { readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openOverwritten } from '../../src/kernel/overwrite.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

function open(file: string) {
  const opened = openOverwritten(file)
  onTestFinished(() => opened.close())
  return opened
}

test('the file is the last text and nothing else, longer or shorter than the one before, whoever wrote that', () => {
  const file = join(
    temporaryFolder({ transaction: 'what an agent before this one left, longer than all of ours' }),
    'transaction',
  )
  const { write } = open(file)
  for (const text of ['add element\n', 'add element – longer, of two bytes and more: ü\n', 'x\n', 'y\n', '']) {
    write(text)
    expect(readFileSync(file, 'utf8')).toBe(text)
  }
})

test('a file that is made is nobody else’s to read', () => {
  const file = join(temporaryFolder(), 'transaction')
  open(file)
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

test('who has the descriptor reads it when its name is gone', () => {
  const file = join(temporaryFolder(), 'transaction')
  const { descriptor, write } = open(file)
  rmSync(file)
  write('x\n')
  expect(readFileSync(`/proc/self/fd/${descriptor}`, 'utf8')).toBe('x\n')
})

test('where it cannot be opened or written it throws, as fs does', () => {
  expect(() => openOverwritten(join(temporaryFolder(), 'gone', 'transaction'))).toThrow(/ENOENT/)
  expect(() => open('/dev/full').write('x')).toThrow(/ENOSPC/)
})
