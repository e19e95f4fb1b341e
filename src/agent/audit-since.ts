import { podName } from '../../compiler/objects/pod-name.ts'
import type { Policy } from '../../compiler/objects/objects.ts'

/** Since when each audited policy stands in the kernel as it is now. */
export interface AuditSince {
  /** Everything up to now is in the kernel: these are the audited policies of it. */
  settled(audited: readonly Policy[]): void
  /** Milliseconds of the clock; undefined: not in the kernel yet. */
  of(policy: Policy): number | undefined
}

export function createAuditSince(now: () => number): AuditSince {
  let known = new Map<string, { readonly policy: Policy; readonly since: number }>()
  return {
    settled(audited) {
      // An object that has not changed is the same object.
      known = new Map(
        audited.map((policy) => {
          const before = known.get(podName(policy))
          return [podName(policy), before?.policy === policy ? before : { policy, since: now() }]
        }),
      )
    },
    of(policy) {
      const found = known.get(podName(policy))
      return found?.policy === policy ? found.since : undefined
    },
  }
}
