import type { TruthAge } from './truth-age.ts'

/** Why something is not as it should be, and what to do about it. */
export interface Reason {
  /** Stable, kebab-case: a metric's label, and what an alert can match on. */
  readonly id: string
  readonly problem: string
  /** What to do; empty when the problem says it all. */
  readonly cure: string
}

/** The body of /readyz: 200 when ready, 503 otherwise. An old truth alone does not make a node unready. */
export interface Readiness {
  readonly ready: boolean
  /** Empty when ready. */
  readonly reasons: readonly Reason[]
  readonly truth: readonly TruthAge[]
}

/** The body of /healthz: 200 when healthy; otherwise 503, which asks the kubelet for a restart. */
export interface Health {
  readonly healthy: boolean
  /** Empty when healthy. */
  readonly reasons: readonly Reason[]
}
