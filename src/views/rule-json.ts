import type { RuleReference } from '../../compiler/explain/explain-connection.ts'

/** A rule of a policy and where it is written, as all JSON of the commands has it. */
export function ruleJson({ policy, rule, place }: RuleReference): object {
  return { policy, rule, ...(place === undefined ? {} : { file: place.file, line: place.line }) }
}
