import { nearestWord } from './did-you-mean.ts'
import type { FieldPath } from './field-path.ts'
import { unsupportedValue } from './field-problems.ts'
import type { Problems } from './problems.ts'
import { quote } from './quote.ts'
import { readString } from './read-fields.ts'

/** One of some words, or undefined when it is missing or something else. */
export function readWord<Word extends string>(
  value: unknown,
  words: readonly Word[],
  path: FieldPath,
  problems: Problems,
): Word | undefined {
  const text = readString(value, path, problems)
  const word = words.find((one) => one === text)
  if (text === undefined || word !== undefined) return word
  const near = nearestWord(text, words)
  problems.refuse(unsupportedValue(path, text, words, near === undefined ? '' : `did you mean ${quote(near)}?`))
  return undefined
}
