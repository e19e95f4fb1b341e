import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { endingWithUs } from './ending-with-us.ts'
import { isSubscribed } from './is-subscribed.ts'
import { type Commit, readMonitorLine } from './monitor-line.ts'
import type { OwnCommits } from './own-commits.ts'
import { letGo, startChild } from './start-child.ts'

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
const GRACE_MILLISECONDS = 1_000
/** UTF-16 units of its complaints. */
const LONGEST_ERRORS = 4_096

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
  const command = await endingWithUs(options.command ?? ['nft'])
  const child = startChild([...command, 'monitor'], { stdin: 'ignore', stdout: 'pipe' })
  if (child instanceof Error) return child.message
  const over = new AbortController()
  if (child.pid !== undefined) void announce(child.pid, options, AbortSignal.any([options.signal, over.signal]))
  const lost = reportCommits(child, options)
  const stop = (): void => endSoon(child)
  options.signal.addEventListener('abort', stop, { once: true })
  if (options.signal.aborted) stop()
  try {
    return await readEnd(child, lost)
  } finally {
    over.abort()
    options.signal.removeEventListener('abort', stop)
    letGo(child)
  }
}

function endSoon(child: ChildProcess): void {
  child.kill()
  const late = setTimeout(() => child.kill('SIGKILL'), GRACE_MILLISECONDS)
  child.once('exit', () => clearTimeout(late))
}

async function readEnd(child: ChildProcess, lost: () => string | undefined): Promise<string> {
  let errors = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    if (errors.length < LONGEST_ERRORS) errors += text
  })
  try {
    const [exitCode, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
    const ended = signal === null ? `exit code ${exitCode}` : `ended by ${signal}`
    return lost() ?? (errors.split('\n')[0]?.trim() || ended)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Follows what it prints, and ends it at a line that says that commits were lost; that line is what comes back. */
function reportCommits(child: ChildProcess, options: MonitorOptions): () => string | undefined {
  const touched = { ours: false, others: false }
  let lost: string | undefined
  const onLine = (line: string): void => {
    if (lost !== undefined) return
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
        endSoon(child)
        break
      case 'other':
        break
    }
  }
  let begun = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const lines = `${begun}${text}`.split('\n')
    begun = lines.pop() ?? ''
    for (const line of lines) onLine(line)
  })
  return () => lost
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
