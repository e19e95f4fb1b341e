import type { AgentStatus } from './agent-status.ts'
import { askAgent, type AskOptions, isRecord } from './ask-agent.ts'

/**
 * Asks the agent that listens on the socket for its status.
 *
 * @throws {StatusSocketError} as `askAgent`.
 */
export function askStatus(path: string, options: AskOptions = {}): Promise<AgentStatus> {
  return askAgent(path, 'status', isAgentStatus, options)
}

function isAgentStatus(answer: unknown): answer is AgentStatus {
  if (!isRecord(answer)) return false
  const texts = ['version', 'node', 'since', 'at'].every((key) => typeof answer[key] === 'string')
  const lists = ['reasons', 'streams', 'problems'].every((key) => Array.isArray(answer[key]))
  const records = ['counts', 'pending', 'driftRepairs', 'options'].every((key) => isRecord(answer[key]))
  const { enforced } = answer as { readonly enforced?: unknown }
  const enforces =
    enforced === undefined ||
    (isRecord(enforced) && Array.isArray(enforced['policies']) && Array.isArray(enforced['pods']))
  return texts && lists && records && enforces && typeof answer['ready'] === 'boolean'
}
