import type { AgentFlows } from './agent-flows.ts'
import { isRecord } from './ask-agent.ts'
import { areSoundFlows, areSoundFolded, areSoundTotals, isAddress, isFate } from './sound-flows.ts'
import { isCount, isInstant, isListOf, isOfAgent } from './sound-parts.ts'

/** Is it what an agent says of all that was noted, with everything in it as it says? */
export function isAgentFlows(answer: unknown): answer is AgentFlows {
  if (!isOfAgent(answer)) return false
  const { since, observes, flows, folded, totals, full, lost } = answer
  return (
    isInstant(since) &&
    typeof observes === 'boolean' &&
    areSoundFlows(flows) &&
    isListOf(flows, ({ fate }) => isFate(fate)) &&
    areSoundFolded(folded) &&
    areSoundTotals(totals) &&
    Array.isArray(full) &&
    full.every(isFate) &&
    isSoundLoss(lost)
  )
}

function isSoundLoss(lost: unknown): boolean {
  if (!isRecord(lost)) return false
  const { denied, allowed } = lost
  return (
    (allowed === null || isCount(allowed)) &&
    isListOf(denied, ({ address, packets }) => isAddress(address) && isCount(packets))
  )
}
