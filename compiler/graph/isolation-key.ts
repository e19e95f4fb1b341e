import type { Isolation } from './allow-graph.ts'

/** Equal isolation, equal text. */
export function isolationKey(isolation: Isolation): string {
  return isolation === 'open' ? 'open' : `isolated ${isolation.key}`
}
