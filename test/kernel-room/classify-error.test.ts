import { expect, test } from 'vitest'
import { classifyError, saysNoTable } from '../../src/kernel/classify-error.ts'

// What cannot be provoked here; everything else is asked of the real nft.
test.each([
  ['no-memory', 'netlink: Error: Could not receive tables from kernel: Cannot allocate memory\n'],
  ['no-memory', 'main.c:61: Memory allocation failure\n'],
  ['no-buffer', 'netlink: Error: Could not process rule: No buffer space available\n'],
  ['missing-nft', 'nsenter: failed to execute nft: No such file or directory\n'],
  ['exists', '/dev/stdin:1:1-9: Error: interval overlaps with an existing one\n'],
  [
    'permission',
    'Operation not permitted (you must be root)\nnetlink: Error: cache initialization failed: Operation not permitted\n',
  ],
  ['other', 'netlink: Error: cache initialization failed: Invalid argument\n'],
  ['other', ''],
] as const)('%s: %j', (kind, stderr) => {
  expect(classifyError(stderr)).toMatchObject({ kind })
})

test('a warning before the error, and words in the quoted line, mislead nobody', () => {
  const stderr = `/dev/stdin:1:1-4: Warning: deprecated
add rule inet selvedge deny drop comment "File exists"
/dev/stdin:2:1-4: Error: syntax error, unexpected newline
add rule inet selvedge deny drop comment "Device or resource busy"
`
  expect(classifyError(stderr, 'a\nb\n')).toEqual({
    kind: 'syntax',
    message: 'syntax error, unexpected newline',
    line: 2,
    lineText: 'b',
  })
})

test('line 0 is no line', () => {
  expect(classifyError('internal:0:0-0: Error: Could not process rule: File exists\n', 'a\n')).toEqual({
    kind: 'exists',
    message: 'Could not process rule: File exists',
  })
})

test('no table is what nft says of the table, with exit code 1', () => {
  const listed = 'list table inet selvedge\n                ^^^^^^^^\n'
  expect(saysNoTable(1, `Error: No such file or directory\n${listed}`)).toBe(true)
  expect(
    saysNoTable(1, `Error: No such file or directory; did you mean table ‘selvedges’ in family inet?\n${listed}`),
  ).toBe(true)
  expect(saysNoTable(1, 'exec of "nft" failed: No such file or directory\n')).toBe(false)
  expect(saysNoTable(1, `Error: Operation not permitted\n${listed}`)).toBe(false)
  expect(saysNoTable(255, `Error: No such file or directory\n${listed}`)).toBe(false)
})
