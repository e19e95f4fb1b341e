import type { AgentDenied } from './agent-denied.ts'
import { askAgent, type AskOptions, isRecord } from './ask-agent.ts'
import { areSoundFlows, areSoundFolded, isInstant } from './sound-flows.ts'

/** A listing of full sets takes nft half a second, and longer on a node that is busy. */
const PATIENCE_MILLISECONDS = 20_000

/**
 * Asks the agent that listens on the socket what its kernel has noted of denied packets.
 *
 * @throws {StatusSocketError} as `askAgent`.
 */
export function askDenied(path: string, options: AskOptions = {}): Promise<AgentDenied> {
  return askAgent(path, 'denied', isAgentDenied, { timeoutMilliseconds: PATIENCE_MILLISECONDS, ...options })
}

export function isAgentDenied(answer: unknown): answer is AgentDenied {
  if (!isRecord(answer)) return false
  const texts = ['version', 'node'].every((key) => typeof answer[key] === 'string')
  const instants = ['at', 'since'].every((key) => isInstant(answer[key]))
  const folded = answer['folded'] === undefined || areSoundFolded(answer['folded'])
  return texts && instants && folded && areSoundFlows(answer['flows']) && Array.isArray(answer['totals'])
}
