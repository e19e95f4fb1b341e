import { FAMILIES } from '../../../compiler/addresses/address.ts'
import type { BenchCase, BenchRuleset } from './bench-case.ts'
import { flowFamily } from './flow.ts'

/** The ruleset less one rule of a chain that every packet may walk; what it saves is about what the rule costs. */
export interface RuleVariant {
  readonly chain: string
  readonly rule: string
  readonly ruleset: BenchRuleset
}

const CHAINS = [
  'forward',
  ...FAMILIES.flatMap((family) => ['packets', 'judge'].map((name) => name + digit(family))),
  'allow',
]

/** A variant for each rule of the chains that lead to the judgement. */
export function ruleVariants(ruleset: BenchRuleset): readonly RuleVariant[] {
  const lines = ruleset.text.split('\n')
  let chain: string | undefined
  const variants: RuleVariant[] = []
  for (const [index, line] of lines.entries()) {
    const rule = line.trim()
    const opened = /^(?:chain|set|map) (\S+) \{$/.exec(rule)?.[1]
    if (opened !== undefined) chain = opened
    else if (
      chain !== undefined &&
      CHAINS.includes(chain) &&
      rule !== '' &&
      rule !== '}' &&
      !rule.startsWith('type ')
    ) {
      const text = lines.toSpliced(index, 1).join('\n')
      variants.push({ chain, rule, ruleset: { name: `${chain}: ${rule}`, text, growing: undefined } })
    }
  }
  return variants
}

/** The cases tried on each variant, as far as they walk its chain. */
export function variantCases(cases: readonly BenchCase[], variants: readonly RuleVariant[]): readonly BenchCase[] {
  return variants.flatMap(({ chain, ruleset }) =>
    cases
      .filter(({ flow }) => !/\d$/.test(chain) || chain.endsWith(digit(flowFamily(flow))))
      .map((one): BenchCase => ({ ...one, ruleset, must: undefined })),
  )
}

function digit(family: string): string {
  return family === 'IPv4' ? '4' : '6'
}
