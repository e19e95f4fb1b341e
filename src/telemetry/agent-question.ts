/** What an agent may be asked for on its socket, by the line that asks. */
export const AGENT_QUESTIONS = ['status', 'denied', 'flows', 'audit', 'rules'] as const

export type AgentQuestion = (typeof AGENT_QUESTIONS)[number]
