import { expect, test } from 'vitest'
import { readAnswer } from '../../src/kernel/standing-answer.ts'

const REFUSED_MARK = 'Error: syntax error, unexpected newline, expecting string\nselvedge-mark-7\n               ^\n'
const REFUSAL = 'In file included from <cmdline>:1:1-22:\n/run/t:2:1-3: Error: No such file\nadd x\n^^^\n'

test('nothing before the mark: nothing was refused', () => {
  expect(readAnswer(REFUSED_MARK, 'selvedge-mark-7')).toBe('')
})

test('what stands before the mark is the answer, without the refusal of the mark itself', () => {
  expect(readAnswer(REFUSAL + REFUSED_MARK, 'selvedge-mark-7')).toBe(REFUSAL)
})

test('no answer before nft has pointed at the mark, wherever the pieces are cut', () => {
  const whole = REFUSAL + REFUSED_MARK
  for (let length = 0; length < whole.length; length += 1) {
    expect(readAnswer(whole.slice(0, length), 'selvedge-mark-7')).toBeUndefined()
  }
})

test('another command’s mark is none, nor is a longer one', () => {
  expect(readAnswer(REFUSED_MARK.replace('mark-7', 'mark-6'), 'selvedge-mark-7')).toBeUndefined()
  expect(readAnswer(REFUSED_MARK.replace('mark-7\n', 'mark-71\n'), 'selvedge-mark-7')).toBeUndefined()
})
