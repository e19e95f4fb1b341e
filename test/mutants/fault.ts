import type { LawName } from './laws.ts'

/** A deliberate fault: a text of one file of compiler/ or of the agent, which stands there exactly once, and another one in its place. */
export interface Fault {
  readonly fault: string
  /** The law that finds it. */
  readonly law: LawName
  /** Default: compiler. */
  readonly room?: 'compiler' | 'src/agent'
  /** Within the room. */
  readonly file: string
  readonly find: string
  readonly replace: string
}
