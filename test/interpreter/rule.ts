import type { SetDataType } from './data-types.ts'
import type { Verdict } from './verdict.ts'
import type { Walk } from './walk.ts'

/** What a statement says of a packet: go on with the rule, leave the rule (as NFT_BREAK does), or a verdict. */
export type StepResult = 'next' | 'break' | Verdict

export type Step = (walk: Walk) => StepResult

export interface Rule {
  /** In one spelling of blanks, without the comment. */
  readonly text: string
  readonly comment: string | undefined
  /** In the text that brought it. */
  readonly line: number
  readonly steps: readonly Step[]
  readonly lookups: readonly Lookup[]
  /** The set that it writes to. */
  readonly written: Lookup | undefined
  /** The chain of its jump or goto. */
  readonly target: string | undefined
  /** The kernel allows reject at some hooks only. */
  readonly rejects: boolean
}

/** A look into a set or verdict map, which must stand and have this key. */
export interface Lookup {
  readonly kind: 'set' | 'map'
  readonly set: string
  readonly type: readonly SetDataType[]
}
