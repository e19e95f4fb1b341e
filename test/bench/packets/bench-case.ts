import type { Flow, FlowState } from './flow.ts'

/** What a router enforces, and what to try on it. */
export interface BenchRuleset {
  readonly name: string
  readonly text: string
  /** A set to put single elements into, to see how long that takes. */
  readonly growing: GrowingSet | undefined
}

export interface GrowingSet {
  readonly table: string
  readonly set: string
  /** A new element for each turn. */
  readonly element: (turn: number) => string
}

/** A flow through a router; it has to pass. */
export interface BenchCase {
  readonly ruleset: BenchRuleset
  readonly name: string
  readonly state: FlowState
  readonly flow: Flow
  /** At most this many times the bare baseline; undefined: for comparison only. */
  readonly must: number | undefined
}
