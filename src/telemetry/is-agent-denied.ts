import type { AgentDenied } from './agent-denied.ts'
import { isRecord } from './ask-agent.ts'
import { areSoundFlows, areSoundFolded, areSoundTotals } from './sound-flows.ts'
import { isInstant, isText } from './sound-parts.ts'

/** Is it what an agent says of denied packets, with everything in it as it says? */
export function isAgentDenied(answer: unknown): answer is AgentDenied {
  if (!isRecord(answer)) return false
  const { version, node, at, since, flows, folded, totals } = answer
  return (
    isText(version) &&
    isText(node) &&
    isInstant(at) &&
    isInstant(since) &&
    areSoundFlows(flows) &&
    (folded === undefined || areSoundFolded(folded)) &&
    areSoundTotals(totals)
  )
}
