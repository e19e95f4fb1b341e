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
  claimed: boolean
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
  const { name, comparablePids = readlinkSync('/proc/self/ns/pid') === OUTERMOST } = options
  const runs = new Set<Run>()
  return {
    started(pid) {
      const { promise: end, resolve } = Promise.withResolvers<boolean>()
      const run: Run = { pid, end, claimed: false }
      runs.add(run)
      return {
        ended(committed) {
          resolve(committed)
          setTimeout(() => runs.delete(run), options.rememberMilliseconds ?? 5_000).unref()
        },
      }
    },
    async claims(commit) {
      // A run commits at most once, and its pid may soon be another's.
      if (comparablePids) return claim([...runs].find((run) => run.pid === commit.pid && !run.claimed))
      if (commit.name !== name) return false
      for (const run of runs) {
        if (!run.claimed && claim(run) && (await run.end)) return true
      }
      return false
    },
  }
}

function claim(run: Run | undefined): boolean {
  if (run === undefined) return false
  run.claimed = true
  return true
}
