import type { RecordedFlow } from './flow-list.ts'

/**
 * Is it a connection that passed by policy? What was denied, and answers that came too late, are nobody's to allow; of a pod to itself
 * (by its own address, or through its own Service) no policy is asked.
 */
export function wasAllowed({ source, destination, verdict, lateAnswer }: RecordedFlow): boolean {
  return verdict === 'allowed' && !lateAnswer && source.address !== destination.address
}

/** Why nobody can say who was meant, as words about the flow; undefined: its ends are who they were. */
export function doubtOf({ uncertain, direction }: RecordedFlow): string | undefined {
  if (uncertain) return 'an address has changed hands since it was seen'
  return direction === 'unknown' ? 'which end asked is not known' : undefined
}

/** Why nobody can say whether it arrived: of one that is `unconfirmed`, and that policies allow. */
export const UNCONFIRMED = 'its receiver’s node has not told that it let it in'
