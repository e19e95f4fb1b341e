import { askAgent, type AskOptions } from './ask-agent.ts'
import type { AgentRules } from './agent-rules.ts'
import { isAgentRules } from './is-agent-rules.ts'

/** nft lists the whole table for it, which takes a while on a node that is busy. */
const PATIENCE_MILLISECONDS = 20_000

/**
 * Asks the agent that listens on the socket which rules of policies were used on its node.
 *
 * @throws {StatusSocketError} as `askAgent`.
 */
export function askRules(path: string, options: AskOptions = {}): Promise<AgentRules> {
  return askAgent(path, 'rules', isAgentRules, { timeoutMilliseconds: PATIENCE_MILLISECONDS, ...options })
}
