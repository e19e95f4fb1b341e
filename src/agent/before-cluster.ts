import { setTimeout as sleep } from 'node:timers/promises'
import type { HoldChange, SandboxChange } from '../../compiler/objects/sandbox.ts'
import type { Reconciler } from './reconciler.ts'
import { defaultBackOff } from './work-loop.ts'

/** What is done to the kernel while nothing is known of the cluster but what the runtime says; one thing after the other. */
export interface BeforeCluster {
  take(changes: readonly (SandboxChange | HoldChange)[]): void
  /** The cluster may be away for long, and the hold of an agent before this one is not to open beside us. */
  stayAlive(): void
  /** The cluster is known: resolves when nothing of it is under way any more, and no more begins. */
  over(): Promise<void>
}

export interface BeforeClusterOptions {
  readonly reconciler: Pick<Reconciler, 'holdBefore' | 'closeReused' | 'stayAlive'>
  /** Is a node without a table to be closed before its cluster is known? */
  readonly holdsAtBoot: boolean
  /** A bug. */
  readonly failed: (error: unknown) => void
  /** Milliseconds to wait after the n-th failure in a row. */
  readonly backOff?: (failures: number) => number
}

export function createBeforeCluster(options: BeforeClusterOptions): BeforeCluster {
  const { reconciler, holdsAtBoot, failed, backOff = defaultBackOff } = options
  let last: Promise<void> = Promise.resolve()
  let isHeld = false
  const ending = new AbortController()
  const { signal } = ending

  function next(work: () => Promise<unknown>): void {
    if (signal.aborted) return
    last = last.then(async () => void (await work()))
    last.catch(failed)
  }

  /** Again and again, while the kernel will not: nobody else would do it before the cluster is known. */
  async function insist(work: () => Promise<boolean>): Promise<void> {
    for (let failures = 1; !(await work()) && !signal.aborted; failures += 1) {
      await sleep(backOff(failures), undefined, { signal, ref: false }).catch(() => undefined)
    }
  }

  return {
    take(changes) {
      const hold = changes.find((change) => change.type === 'hold' && change.subnets.kind === 'on')
      if (holdsAtBoot && !isHeld && hold?.type === 'hold') {
        isHeld = true
        next(() => insist(() => reconciler.holdBefore(hold)))
      }
      const sandboxes = changes.flatMap((change) => (change.type === 'put' ? [change.object] : []))
      if (sandboxes.length > 0) next(() => insist(() => reconciler.closeReused(sandboxes)))
    },
    stayAlive: () => next(() => reconciler.stayAlive()),
    over() {
      ending.abort()
      return last
    },
  }
}
