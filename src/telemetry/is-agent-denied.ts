import type { AgentDenied } from './agent-denied.ts'
import { areSoundFlows, areSoundFolded, areSoundTotals } from './sound-flows.ts'
import { isInstant, isOfAgent } from './sound-parts.ts'

/** Is it what an agent says of denied packets, with everything in it as it says? */
export function isAgentDenied(answer: unknown): answer is AgentDenied {
  if (!isOfAgent(answer)) return false
  const { since, flows, folded, totals } = answer
  return (
    isInstant(since) &&
    areSoundFlows(flows) &&
    (folded === undefined || areSoundFolded(folded)) &&
    areSoundTotals(totals)
  )
}
