import type { Explanation } from './explanation.ts'
import { type Suggestion, suggestPolicies } from './suggest-policy.ts'

/** For every connection of an answer that is denied, so that the first line turns to `allowed`. */
export function suggestFor({ cluster, pairs }: Explanation): Suggestion | undefined {
  const denied = pairs.flatMap(({ families }) => families).filter(({ answer }) => !answer.allowed)
  // What is denied to an address that nobody knows no policy can be written for.
  const connections = denied.flatMap(({ connection }) => connection ?? [])
  return connections.length < denied.length || denied.length === 0 ? undefined : suggestPolicies(cluster, connections)
}
