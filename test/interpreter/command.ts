import type { SetDataType } from './data-types.ts'
import type { Rule } from './rule.ts'
import type { BaseChain } from './table-state.ts'
import type { Verdict } from './verdict.ts'

/** One command of a transaction; lines count from 1. */
export type Command = { readonly line: number } & (
  | { readonly kind: 'add table' | 'delete table' }
  | { readonly kind: 'table'; readonly chains: readonly ChainBlock[]; readonly sets: readonly SetBlock[] }
  | { readonly kind: 'add chain'; readonly chain: ChainBlock }
  | { readonly kind: 'add rule'; readonly chain: string; readonly rule: Rule }
  | { readonly kind: 'add element' | 'delete element'; readonly set: string; readonly elements: readonly ElementText[] }
  | { readonly kind: 'flush chain' | 'flush set' | 'delete chain' | 'delete set' | 'delete map'; readonly name: string }
)

export interface ChainBlock {
  readonly name: string
  readonly line: number
  readonly base: BaseChain | undefined
  readonly rules: readonly Rule[]
}

export interface SetBlock {
  readonly kind: 'set' | 'map'
  readonly name: string
  readonly line: number
  readonly type: readonly SetDataType[]
  readonly interval: boolean
  readonly recorded: string | undefined
  readonly comment: string | undefined
  readonly elements: readonly ElementText[]
}

/** An element before it is known of which type its fields are. */
export interface ElementText {
  readonly line: number
  readonly fields: readonly string[]
  readonly comment: string | undefined
  readonly verdict: Verdict | undefined
}
