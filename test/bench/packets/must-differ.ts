import type { BenchRuleset } from './bench-case.ts'

/** Of the same text as another one, on purpose: what differs between the two is error. */
const isControl = ({ name }: BenchRuleset): boolean => name.endsWith('(noise)')

/** Throws where two rulesets are one text: a variant whose edit finds nothing any more would be compared with itself, and look like nothing. */
export function mustDiffer(rulesets: readonly BenchRuleset[]): void {
  const names = new Map<string, string>()
  for (const { name, text } of rulesets.filter((one) => !isControl(one))) {
    const other = names.get(text)
    if (other !== undefined) throw new Error(`"${name}" is the same text as "${other}"`)
    names.set(text, name)
  }
}
