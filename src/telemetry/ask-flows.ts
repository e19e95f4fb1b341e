import type { AgentFlows } from './agent-flows.ts'
import { askAgent, type AskOptions, isRecord } from './ask-agent.ts'

/** A listing of full sets takes nft half a second for each kind, and longer on a node that is busy. */
const PATIENCE_MILLISECONDS = 20_000

/**
 * Asks the agent that listens on the socket for everything that its kernel has noted of packets.
 *
 * @throws {StatusSocketError} as `askAgent`.
 */
export function askFlows(path: string, options: AskOptions = {}): Promise<AgentFlows> {
  return askAgent(path, 'flows', isAgentFlows, { timeoutMilliseconds: PATIENCE_MILLISECONDS, ...options })
}

export function isAgentFlows(answer: unknown): answer is AgentFlows {
  if (!isRecord(answer)) return false
  const texts = ['version', 'node', 'at', 'since'].every((key) => typeof answer[key] === 'string')
  const lists = ['flows', 'folded', 'totals', 'full'].every((key) => Array.isArray(answer[key]))
  return texts && lists && typeof answer['observes'] === 'boolean' && isRecord(answer['lost'])
}
