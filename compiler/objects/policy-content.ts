import type { Policy } from './objects.ts'

/** What a policy says, wherever it is written and whatever it is called: equal text, equal policy. */
export function policyContent({ podSelector, ingress, egress }: Policy): string {
  return JSON.stringify([podSelector, ingress, egress], plain)
}

/** Selectors carry their canonical text, and addresses are numbers beyond JSON's. */
function plain(name: string, value: unknown): unknown {
  if (name === 'place') return undefined
  if (typeof value === 'bigint') return String(value)
  return typeof value === 'object' && value !== null && 'requirements' in value && 'key' in value ? value.key : value
}
