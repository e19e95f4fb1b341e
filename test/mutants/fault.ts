import type { LawName } from './laws.ts'

/** A deliberate fault: a text of one file of compiler/, which stands there exactly once, and another one in its place. */
export interface Fault {
  readonly fault: string
  /** The law that finds it. */
  readonly law: LawName
  readonly file: string
  readonly find: string
  readonly replace: string
}
