import type { Mark, Reachability } from './reachability.ts'
import { foldWays } from './reachability-fold.ts'

/** `database:5432` and the like, and who has gained or lost it. */
export interface ReachabilityChange {
  readonly verb: 'opened' | 'closed'
  /** `frontend, internet → database:5432` */
  readonly ways: string
}

const VERBS: readonly (readonly [Mark, ReachabilityChange['verb']])[] = [
  ['✗→✓', 'opened'],
  ['✓→✗', 'closed'],
]

/** What changed, in words. Receivers that the same senders gained or lost are one change. */
export function reachabilityChanges(reachability: Reachability): readonly ReachabilityChange[] {
  const { senders, receivers, markAt } = foldWays(reachability)
  return VERBS.flatMap(([mark, verb]) => {
    const receiversOf = new Map<string, string[]>()
    for (const receiver of receivers) {
      const changed = senders.filter((sender) => markAt(sender, receiver) === mark).map(({ name }) => name)
      if (changed.length === 0) continue
      const names = changed.join(', ')
      receiversOf.set(names, [...(receiversOf.get(names) ?? []), `${receiver.name}:${receiver.port}`])
    }
    return [...receiversOf].map(([from, to]) => ({ verb, ways: `${from} → ${to.join(', ')}` }))
  })
}
