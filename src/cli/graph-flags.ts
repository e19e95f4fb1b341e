import type { Transport } from '../../compiler/graph/judge.ts'
import type { FoldBy } from '../../compiler/reach/fold.ts'
import { type ReadingFlags } from './reading-options.ts'

export const OUTPUTS = ['html', 'text', 'md', 'csv', 'svg', 'dot', 'mermaid', 'json'] as const

type Output = (typeof OUTPUTS)[number]

/** Of `selvedge graph`. */
export interface GraphFlags extends ReadingFlags {
  readonly output: Output
  readonly by: FoldBy
  readonly focus?: readonly string[]
  readonly in?: readonly string[]
  readonly port?: Transport
  readonly denied?: true
  readonly flows?: string
}
