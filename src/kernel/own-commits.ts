import { readlinkSync } from 'node:fs'
import type { Commit } from './monitor-line.ts'

/** Which of the kernel's commits are our own: `nft monitor` shows those as well, often after their run has ended. */
export interface OwnCommits {
  /** A run begins that may commit once. */
  started(pid: number): OwnRun
  /**
   * Was it one of our runs? Resolves at the latest when the runs in flight have ended. Asked once for each commit, and only
   * for such as may be ours by what they touch: kube-proxy's nft has the same name as ours.
   */
  claims(commit: Pick<Commit, 'pid' | 'name'>): Promise<boolean>
}

export interface OwnRun {
  ended(committed: boolean): void
}

interface Run {
  readonly pid: number
  readonly end: Promise<boolean>
  /** Of performance.now(). */
  endedAt: number | undefined
}

export interface OwnCommitsOptions {
  /** Name of our nft process, as the kernel has it. */
  readonly name: string
  /** False inside a pid namespace: the kernel shows the pid of the outermost one, which we cannot know there. */
  readonly comparablePids?: boolean
  /** How long a run is remembered after its end; longer than `nft monitor` lags, shorter than pids take to come again. */
  readonly rememberMilliseconds?: number
}

/** The inode of the outermost pid namespace is a constant of the kernel (PROC_PID_INIT_INO, proc_ns.h). */
const OUTERMOST = 'pid:[4026531836]'

/**
 * Where pids can be compared, a commit is ours by its pid. Elsewhere commits are counted: each successful run of ours
 * accounts for one commit to our table by a program of nft's name. If somebody else commits to it at the same time, theirs
 * may be taken for ours; then ours is reported as foreign, so one of the two always is.
 */
export function createOwnCommits(options: OwnCommitsOptions): OwnCommits {
  const {
    name,
    comparablePids = readlinkSync('/proc/self/ns/pid') === OUTERMOST,
    rememberMilliseconds = 5_000,
  } = options
  /** Those that nothing was claimed by yet: a run commits at most once, and its pid may soon be another's. */
  const runs = new Set<Run>()

  /** Whenever somebody looks: a timer for each run would wake an idle agent. */
  function forgetOld(): void {
    const latest = performance.now() - rememberMilliseconds
    for (const run of runs) if (run.endedAt !== undefined && run.endedAt < latest) runs.delete(run)
  }

  return {
    started(pid) {
      forgetOld()
      const { promise: end, resolve } = Promise.withResolvers<boolean>()
      const run: Run = { pid, end, endedAt: undefined }
      runs.add(run)
      return {
        ended(committed) {
          run.endedAt = performance.now()
          resolve(committed)
        },
      }
    },
    async claims(commit) {
      forgetOld()
      for (const run of runs) {
        if (comparablePids ? run.pid !== commit.pid : commit.name !== name) continue
        runs.delete(run)
        if (comparablePids || (await run.end)) return true
      }
      return false
    },
  }
}
