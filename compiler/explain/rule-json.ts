import type { RuleReference } from './explain-connection.ts'
import { placeJson } from '../objects/place-json.ts'

/** A rule of a policy and where it is written, as all JSON of the commands has it. */
export function ruleJson({ policy, rule, place }: RuleReference): object {
  return { policy, rule, ...placeJson(place) }
}
