import { expect, test } from 'vitest'
import { readAnswer } from '../../src/kernel/standing-answer.ts'

/** As nft says it: 1.0.6, 1.1.3 and 1.1.7. */
const REFUSED_MARKS = [
  'Error: syntax error, unexpected newline, expecting string\nselvedge-mark-7\n               ^\n',
  'Error: syntax error, unexpected newline, expecting string or last\nselvedge-mark-7\n               ^\n',
  'Error: syntax error, unexpected newline\nexpected any of: <string>, last\nselvedge-mark-7\n               ^\n',
]
const REFUSAL = 'In file included from <cmdline>:1:1-22:\n/run/t:2:1-3: Error: No such file\nadd x\n^^^\n'

test.each(REFUSED_MARKS)('nothing before the mark: nothing was refused: %j', (refused) => {
  expect(readAnswer(refused, 'selvedge-mark-7')).toBe('')
})

test.each(REFUSED_MARKS)(
  'what stands before the mark is the answer, without the refusal of the mark: %j',
  (refused) => {
    expect(readAnswer(REFUSAL + refused, 'selvedge-mark-7')).toBe(REFUSAL)
    const placeless = 'Error: no place for it\nadd x\n^^^\n'
    expect(readAnswer(placeless + refused, 'selvedge-mark-7')).toBe(placeless)
  },
)

test('what refuses nothing before the mark is the answer as it is', () => {
  expect(readAnswer('What a day\nselvedge-mark-7\n^\n', 'selvedge-mark-7')).toBe('What a day\n')
})

test.each(REFUSED_MARKS)('no answer before nft has pointed at the mark, wherever the pieces are cut: %j', (refused) => {
  const whole = REFUSAL + refused
  for (let length = 0; length < whole.length; length += 1) {
    expect(readAnswer(whole.slice(0, length), 'selvedge-mark-7')).toBeUndefined()
  }
})

test.each(REFUSED_MARKS)('another command’s mark is none, nor is a longer one: %j', (refused) => {
  expect(readAnswer(refused.replace('mark-7', 'mark-6'), 'selvedge-mark-7')).toBeUndefined()
  expect(readAnswer(refused.replace('mark-7\n', 'mark-71\n'), 'selvedge-mark-7')).toBeUndefined()
})
