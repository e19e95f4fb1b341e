import type { AgentFlows } from './agent-flows.ts'
import { askAgent, type AskOptions, isRecord } from './ask-agent.ts'
import { areSoundFlows, areSoundFolded, isFate, isInstant, isWhole } from './sound-flows.ts'

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
  const texts = ['version', 'node'].every((key) => typeof answer[key] === 'string')
  const instants = ['at', 'since'].every((key) => isInstant(answer[key]))
  const lists = ['totals', 'full'].every((key) => Array.isArray(answer[key]))
  if (!texts || !instants || !lists || typeof answer['observes'] !== 'boolean') return false
  const { flows, folded, full, lost } = answer as { readonly [key: string]: unknown; readonly full: readonly unknown[] }
  if (!areSoundFlows(flows) || !areSoundFolded(folded) || !full.every(isFate)) return false
  return (flows as readonly Readonly<Record<string, unknown>>[]).every(({ fate }) => isFate(fate)) && isSoundLoss(lost)
}

function isSoundLoss(lost: unknown): boolean {
  if (!isRecord(lost)) return false
  const { denied, allowed } = lost
  const isCount = (value: unknown) => isWhole(value, Number.MAX_SAFE_INTEGER)
  if (!Array.isArray(denied) || (allowed !== null && !isCount(allowed))) return false
  return denied.every((one: unknown) => isRecord(one) && isCount(one['packets']))
}
