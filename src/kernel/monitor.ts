import { setTimeout as sleep } from 'node:timers/promises'
import { execa, type Options } from 'execa'
import { endingWithUs } from './ending-with-us.ts'
import { isSubscribed } from './is-subscribed.ts'
import { type Commit, readMonitorLine } from './monitor-line.ts'
import type { OwnCommits } from './own-commits.ts'

export interface MonitorOptions {
  /** As for `createNft`. */
  readonly command?: readonly string[]
  /** Aborted: the monitor ends, and then the promise resolves. */
  readonly signal: AbortSignal
  readonly ownCommits: OwnCommits
  /** Somebody else changed our table, or may have: nft did not say what the commit was about. */
  readonly onForeign: (commit: Commit) => void
  /** From now on commits are seen. What was before, or since `onEnded`, was not: verify. */
  readonly onListening: () => void
  /** Nothing is seen any more, until `onListening`. */
  readonly onEnded: (why: { readonly message: string; readonly retryInMilliseconds: number }) => void
  /** Waits double from the first to the longest; one that listened for longer than that starts anew. */
  readonly backOff?: { readonly firstMilliseconds: number; readonly longestMilliseconds: number }
}

const BACK_OFF = { firstMilliseconds: 500, longestMilliseconds: 30_000 }
const LONGEST_SUBSCRIPTION_MILLISECONDS = 10_000

/** Keeps `nft monitor` running and reports every commit to our table that is not ours. Resolves when the signal is aborted. */
export async function watchForeignCommits(options: MonitorOptions): Promise<void> {
  const { signal, onEnded, backOff = BACK_OFF } = options
  let wait = backOff.firstMilliseconds
  while (!signal.aborted) {
    const start = performance.now()
    const message = await runMonitor(options)
    if (signal.aborted) return
    if (performance.now() - start > backOff.longestMilliseconds) wait = backOff.firstMilliseconds
    onEnded({ message, retryInMilliseconds: wait })
    await sleep(wait, undefined, { signal }).catch(() => {})
    wait = Math.min(wait * 2, backOff.longestMilliseconds)
  }
}

/** One life of `nft monitor`; resolves to why it ended. */
async function runMonitor(options: MonitorOptions): Promise<string> {
  const [file = '', ...rest] = await endingWithUs(options.command ?? ['nft'])
  // Ends the process, and the wait for its subscription.
  const over = new AbortController()
  const settings = {
    reject: false,
    cwd: '/',
    env: { LC_ALL: 'C' },
    stdin: 'ignore',
    // Commits have no end, error messages do.
    buffer: { stdout: false, stderr: true },
    maxBuffer: { stderr: 4_096 },
    cancelSignal: AbortSignal.any([options.signal, over.signal]),
    forceKillAfterDelay: 1_000,
  } satisfies Options
  const subprocess = execa(file, [...rest, 'monitor'], settings)
  if (subprocess.pid !== undefined)
    void announce(subprocess.pid, options, AbortSignal.any([options.signal, over.signal]))
  const lost = await reportCommits(subprocess, options, () => over.abort())
  over.abort()
  const { originalMessage, stderr, signal, exitCode } = await subprocess
  const ended = signal === undefined ? `exit code ${exitCode}` : `ended by ${signal}`
  return lost ?? (stderr.split('\n')[0]?.trim() || (exitCode === undefined ? originalMessage : undefined) || ended)
}

/** Reads to the end; a line that says that commits were lost makes it the end, and is returned. */
async function reportCommits(
  lines: AsyncIterable<string>,
  options: MonitorOptions,
  end: () => void,
): Promise<string | undefined> {
  const touched = { ours: false, others: false }
  let lost: string | undefined
  for await (const line of lines) {
    // Leaving the loop would wait for the process, which has to be told first.
    if (lost !== undefined) continue
    const read = readMonitorLine(line)
    switch (read.kind) {
      case 'our-table':
        touched.ours = true
        break
      case 'other-table':
        touched.others = true
        break
      case 'commit':
        // nft 1.0.6 says nothing of elements of interval sets with several fields: who names no table may mean ours.
        if (touched.ours || !touched.others) void report(read.commit, options)
        touched.ours = false
        touched.others = false
        break
      case 'lost':
        lost = read.message
        end()
        break
      case 'other':
        break
    }
  }
  return lost
}

async function report(commit: Commit, { ownCommits, onForeign, signal }: MonitorOptions): Promise<void> {
  if (!(await ownCommits.claims(commit)) && !signal.aborted) onForeign(commit)
}

async function announce(pid: number, options: MonitorOptions, over: AbortSignal): Promise<void> {
  const deadline = performance.now() + LONGEST_SUBSCRIPTION_MILLISECONDS
  while (!over.aborted && (await isSubscribed(pid)) !== true && performance.now() < deadline) {
    await sleep(20, undefined, { signal: over }).catch(() => {})
  }
  if (!over.aborted) options.onListening()
}
