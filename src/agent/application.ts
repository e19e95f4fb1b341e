import type { DriftClass } from '../../compiler/nftables/drift-class.ts'

/** One piece of work that changed the kernel, or failed to. */
export interface Application {
  readonly reason: 'start' | 'changes' | 'drift' | 'rebuild'
  readonly ok: boolean
  readonly transactions: number
  readonly bytes: number
  readonly durationMilliseconds: number
  readonly generation: number
  /** What was found, or why it failed; empty for ordinary changes. */
  readonly what: string
  /** Which part of the table was not as it should be; only where it was compared with the kernel. */
  readonly drift?: DriftClass
  readonly errorKind?: string
}

/** Why something is done, for the log and metrics. */
export type Cause = Pick<Application, 'reason' | 'what' | 'drift'>

export const CHANGES: Cause = { reason: 'changes', what: '' }
export const NOTED: Cause = { reason: 'changes', what: 'live flows are judged again, so that they are noted' }
export const BEFORE: Cause = { reason: 'start', what: 'held until the cluster is known' }
export const REUSED: Cause = {
  reason: 'start',
  what: 'addresses of pods were given to others while there was no agent',
}
export const OPENED: Cause = { reason: 'start', what: 'the table of a boot stands' }
export const UNKNOWN: Cause = { reason: 'rebuild', what: 'what stands is not known' }
export const FAILED: Cause = { reason: 'rebuild', what: 'a transaction failed' }
