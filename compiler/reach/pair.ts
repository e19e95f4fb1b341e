import type { ReachNode } from './fold.ts'

/** One thing before and after: a workload or a pod that goes by one name in both. */
export interface Pair {
  readonly id: string
  readonly old: ReachNode | undefined
  readonly new: ReachNode | undefined
}
