import type { TableState } from './table-state.ts'

/** A table that transactions change. */
export interface Table {
  state: TableState | undefined
  readonly kernel: Kernel
}

/**
 * Which kernel's refusals count. `before-6.2`: a chain that a map element led to is busy until the transaction that took
 * the element or the map out is over.
 */
export type Kernel = 'current' | 'before-6.2'

/** Nothing stands yet: the first transaction has to add the table. */
export function createTable(kernel: Kernel = 'current'): Table {
  return { state: undefined, kernel }
}
