import type { World } from './world.ts'

export type Outcome =
  | { readonly kind: 'pass'; readonly milliseconds?: number; readonly note?: string }
  | { readonly kind: 'skip'; readonly why: string }

export interface Case {
  readonly name: string
  /** Throws CaseFailure when the cluster does not do what it should. Policies that it leaves are removed after it. */
  readonly run: (world: World) => Promise<Outcome>
}

export interface Theme {
  readonly name: string
  readonly cases: readonly Case[]
}

/** A case whose only result is how long enforcement took. */
export function timed(name: string, run: (world: World) => Promise<number>): Case {
  return { name, run: async (world) => ({ kind: 'pass', milliseconds: await run(world) }) }
}

export function passed(note?: string): Outcome {
  return note === undefined ? { kind: 'pass' } : { kind: 'pass', note }
}

export function skipped(why: string): Outcome {
  return { kind: 'skip', why }
}
