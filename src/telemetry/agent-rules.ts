import type { NodeRules } from '../../compiler/lint/rule-use.ts'

/** Which rules of policies have let something pass on a node: plain JSON. It goes over the status socket. */
export interface AgentRules extends NodeRules {
  /** The agent's version. */
  readonly version: string
  /** RFC 3339 in UTC, by the clock of the node. */
  readonly at: string
}
