import type { KernelPort } from '../../src/agent/kernel-port.ts'
import {
  applyTransaction,
  createTable,
  KERNELS_PUBLISH,
  lateIntervalSets,
  type Table,
  type TableView,
} from '../interpreter/interpreter.ts'

/** A kernel in memory that can be told to refuse. It keeps every text that it was given. */
export interface MemoryKernel extends KernelPort {
  readonly table: Table
  readonly texts: readonly string[]
  /** What packets could meet, of each transaction: interval sets not there yet, and the whole of it. */
  readonly views: readonly TableView[]
  /** Refuses the next so many transactions. */
  refuse(transactions: number): void
}

/**
 * The interpreter of the tests in the place of nft. It cannot list, so only what the reconciler remembers counts; but it
 * knows when there is no table, if told to tell.
 */
export function createMemoryKernel({ tellsOfNoTable = false } = {}): MemoryKernel {
  const table = createTable()
  const texts: string[] = []
  const views: TableView[] = []
  let refusals = 0
  let generation = 0
  return {
    table,
    texts,
    views,
    refuse(transactions) {
      refusals = transactions
    },
    apply(text) {
      texts.push(text)
      if (refusals > 0) {
        refusals -= 1
        return Promise.resolve({ ok: false, kind: 'other', message: 'refused' })
      }
      const before = { state: table.state }
      applyTransaction(table, text)
      const after = { state: table.state }
      if (tellsOfNoTable) {
        views.push(...KERNELS_PUBLISH.map((publishing) => lateIntervalSets(before, after, publishing)), after)
      }
      return Promise.resolve({ ok: true, durationMilliseconds: 1 })
    },
    list: () =>
      Promise.resolve(
        tellsOfNoTable && table.state === undefined
          ? { kind: 'no table' }
          : { kind: 'failed', message: 'this kernel cannot list' },
      ),
    nextGeneration: () => Promise.resolve(++generation),
  }
}
