import type { NftSet } from './nft-set.ts'
import type { Rule } from './rule.ts'

/** What stands in the table at one instant; never changed, only replaced. */
export interface TableState {
  readonly chains: ReadonlyMap<string, Chain>
  readonly sets: ReadonlyMap<string, NftSet>
}

/** A table to send packets through; undefined: there is none. */
export interface TableView {
  readonly state: TableState | undefined
  /** Sets that take no more of what packets write. */
  readonly full?: ReadonlySet<string>
}

export interface Chain {
  readonly name: string
  readonly base: BaseChain | undefined
  readonly rules: readonly Rule[]
}

export interface BaseChain {
  readonly hook: Hook
  readonly priority: number
  readonly policy: 'accept' | 'drop'
}

export type Hook = 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting'
