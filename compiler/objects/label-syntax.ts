import { checkDnsSubdomain, type NameCheck } from './name-syntax.ts'

const LABEL_TEXT = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/
const ALPHABET =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
const NOTHING_WRONG: readonly string[] = []

/** A label's key: a name of at most 63 bytes, optionally behind a DNS subdomain and a slash. */
export const checkLabelKey: NameCheck = (text) => {
  if (text.length <= 63 && LABEL_TEXT.test(text)) return NOTHING_WRONG
  const [first = '', second, ...more] = text.split('/', 3)
  if (more.length > 0) return [`a valid label key ${ALPHABET} with an optional DNS subdomain prefix and '/'`]
  const name = second ?? first
  const wrong: string[] = []
  if (second !== undefined) {
    if (first === '') wrong.push('prefix part must be non-empty')
    else for (const problem of checkDnsSubdomain(first)) wrong.push(`prefix part ${problem}`)
  }
  if (name === '') wrong.push('name part must be non-empty')
  else if (name.length > 63) wrong.push('name part must be no more than 63 bytes')
  else if (!LABEL_TEXT.test(name)) wrong.push(`name part ${ALPHABET}`)
  return wrong
}

/** A label's value: at most 63 bytes, or empty. */
export const checkLabelValue: NameCheck = (text) => {
  if (text === '' || (text.length <= 63 && LABEL_TEXT.test(text))) return NOTHING_WRONG
  if (text.length > 63) return ['must be no more than 63 bytes']
  return [
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', " +
      'and must start and end with an alphanumeric character',
  ]
}
