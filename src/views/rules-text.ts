import type { NodeRules, RuleUse } from '../../compiler/lint/rule-use.ts'
import { ageText } from './age-text.ts'
import type { TextStyle } from './explanation-text.ts'
import { table } from './text-table.ts'

const HEAD = ['POLICY', 'RULE', 'CONNECTIONS', 'USE']

/** Every rule of the policies of a node and whether it let something pass, by policy. */
export function rulesText({ rules }: Pick<NodeRules, 'rules'>, { width }: Pick<TextStyle, 'width'>): string {
  if (rules.length === 0) return 'no policy with rules selects a pod of this node\n'
  const rows = rules.map((one) => [one.policy, one.rule, one.use === 'used' ? `${one.packets}` : '', useText(one)])
  return `${table(HEAD, rows, width).join('\n')}\n`
}

function useText({ use, age, also }: RuleUse): string {
  switch (use) {
    case 'used':
      return `used, found so ${ageText(age)} ago`
    case 'never':
      return `never used; watched for ${ageText(age)}`
    case 'not known':
      return `cannot be told: also granted by ${also.join(', ')}`
    case 'not asked':
      return 'cannot be told: only audited, and enforced policies isolate its pods already'
  }
}
