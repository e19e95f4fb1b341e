import type { KernelPort } from '../../src/agent/kernel-port.ts'
import { applyTransaction, createTable, type Table } from '../interpreter/interpreter.ts'

/** A kernel in memory that can be told to refuse. It keeps every text that it was given. */
export interface MemoryKernel extends KernelPort {
  readonly table: Table
  readonly texts: readonly string[]
  /** Refuses the next so many transactions. */
  refuse(transactions: number): void
}

/** The interpreter of the tests in the place of nft; it cannot list, so only what the reconciler remembers counts. */
export function createMemoryKernel(): MemoryKernel {
  const table = createTable()
  const texts: string[] = []
  let refusals = 0
  let generation = 0
  return {
    table,
    texts,
    refuse(transactions) {
      refusals = transactions
    },
    apply(text) {
      texts.push(text)
      if (refusals > 0) {
        refusals -= 1
        return Promise.resolve({ ok: false, kind: 'other', message: 'refused' })
      }
      applyTransaction(table, text)
      return Promise.resolve({ ok: true, durationMilliseconds: 1 })
    },
    list: () => Promise.resolve({ kind: 'failed', message: 'this kernel cannot list' }),
    nextGeneration: () => Promise.resolve(++generation),
  }
}
