import type { HoldChange, SandboxChange } from '../../compiler/objects/sandbox.ts'
import type { Reconciler } from './reconciler.ts'

/** What is done to the kernel while nothing is known of the cluster but what the runtime says; one thing after the other. */
export interface BeforeCluster {
  take(changes: readonly (SandboxChange | HoldChange)[]): void
  /** The cluster is known: resolves when nothing of it is under way any more, and no more begins. */
  over(): Promise<void>
}

export interface BeforeClusterOptions {
  readonly reconciler: Pick<Reconciler, 'holdBefore' | 'closeReused'>
  /** Is a node without a table to be closed before its cluster is known? */
  readonly holdsAtBoot: boolean
  /** A bug. */
  readonly failed: (error: unknown) => void
}

export function createBeforeCluster({ reconciler, holdsAtBoot, failed }: BeforeClusterOptions): BeforeCluster {
  let last: Promise<void> = Promise.resolve()
  let isHeld = false
  let isOver = false

  function next(work: () => Promise<void>): void {
    last = last.then(work)
    last.catch(failed)
  }

  return {
    take(changes) {
      if (isOver) return
      const hold = changes.find((change) => change.type === 'hold' && change.subnets.kind === 'on')
      if (holdsAtBoot && !isHeld && hold?.type === 'hold') {
        isHeld = true
        next(() => reconciler.holdBefore(hold))
      }
      const sandboxes = changes.flatMap((change) => (change.type === 'put' ? [change.object] : []))
      if (sandboxes.length > 0) next(() => reconciler.closeReused(sandboxes))
    },
    over() {
      isOver = true
      return last
    },
  }
}
