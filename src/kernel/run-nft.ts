import { basename } from 'node:path'
import { classifyError, saysNoTable } from './classify-error.ts'
import { createInOrder } from './in-order.ts'
import type { ListResult, NftFailure, NftResult, NftRun, VersionResult } from './nft-result.ts'
import { readVersion } from './nft-version.ts'
import { createOwnCommits, type OwnCommits, type OwnRun } from './own-commits.ts'
import { type ProgramEnd, runProgram } from './run-program.ts'
import type { StandingNft } from './standing-nft.ts'

export interface NftOptions {
  /** Default `['nft']`. What stands before nft has to become it (exec), as `ip netns exec NAME` does. */
  readonly command?: readonly string[]
  readonly timeoutMilliseconds: number
  /** Aborted: the run in flight is ended, those that wait answer 'aborted' and do not begin. */
  readonly signal?: AbortSignal | undefined
  readonly observe?: (run: NftRun) => void
  /** Takes what transactions it can; the rest, and all where there is none, goes by a process each. */
  readonly standing?: StandingNft | undefined
}

/** The kernel's ruleset through nft: one run at a time, in the order of the calls. Nothing here throws or rejects. */
export interface Nft {
  /** Commits the text as one transaction. */
  apply(text: string): Promise<NftResult>
  list(): Promise<ListResult>
  version(): Promise<VersionResult>
  /** For the monitor: these commits are not foreign. */
  readonly ownCommits: OwnCommits
}

type Exited = Extract<ProgramEnd, { kind: 'exited' }>
type Run = Pick<NftRun, 'purpose' | 'length' | 'outcome'> & Partial<Pick<NftRun, 'way'>>

export function createNft(options: NftOptions): Nft {
  const { command = ['nft'], timeoutMilliseconds, signal, observe, standing } = options
  const inOrder = createInOrder()
  const ownCommits = createOwnCommits({ name: basename(command.at(-1) ?? '').slice(0, 15) })

  const run = (argv: readonly string[], input?: string, onStarted?: (pid: number) => void) =>
    runProgram([...command, ...argv], {
      timeoutMilliseconds,
      signal,
      ...(input === undefined ? {} : { input }),
      ...(onStarted === undefined ? {} : { onStarted }),
    })

  /** Runs when its turn comes, and tells what it was and how long it took. */
  const timed = <Result>(work: () => Promise<readonly [Result, Run]>) =>
    inOrder(async () => {
      const start = performance.now()
      const [result, what] = await work()
      const durationMilliseconds = performance.now() - start
      observe?.({ way: 'process', ...what, durationMilliseconds })
      return { result, durationMilliseconds }
    })

  return {
    ownCommits,

    async apply(text) {
      const { result, durationMilliseconds } = await timed(async () => {
        let ownRun: OwnRun | undefined
        const onStarted = (pid: number) => {
          ownRun = ownCommits.started(pid)
        }
        const taken = standing?.run(text, onStarted)
        const end = await (taken ?? run(['-f', '-'], text, onStarted))
        const failure = succeeded(end) ? undefined : failureOf(end, text)
        ownRun?.ended(failure === undefined)
        const way = taken === undefined ? 'process' : 'standing'
        return [failure, { purpose: 'apply', way, length: text.length, outcome: failure?.kind ?? 'ok' }]
      })
      return result ?? { kind: 'ok', durationMilliseconds }
    },

    async list() {
      const { result, durationMilliseconds } = await timed(async () => {
        const end = await run(['-j', 'list', 'table', 'inet', 'selvedge'])
        const result = readListing(end)
        const outcome = result.kind === 'table' ? 'ok' : result.kind
        return [result, { purpose: 'list', length: end.kind === 'exited' ? end.stdout.length : 0, outcome }]
      })
      return result.kind === 'table' || result.kind === 'no-table' ? { ...result, durationMilliseconds } : result
    },

    async version() {
      const { result } = await timed<VersionResult>(async () => {
        const end = await run(['--version'])
        const version = succeeded(end) ? readVersion(end.stdout) : undefined
        if (version !== undefined) {
          return [
            { kind: 'version', version },
            { purpose: 'version', length: 0, outcome: 'ok' },
          ]
        }
        const failure = succeeded(end) ? other(`no version in: ${end.stdout.trim()}`) : failureOf(end)
        return [failure, { purpose: 'version', length: 0, outcome: failure.kind }]
      })
      return result
    },
  }
}

type Listing = { readonly kind: 'table'; readonly listing: unknown } | { readonly kind: 'no-table' } | NftFailure

function readListing(end: ProgramEnd): Listing {
  if (end.kind === 'exited' && saysNoTable(end.exitCode, end.stderr)) return { kind: 'no-table' }
  if (!succeeded(end)) return failureOf(end)
  try {
    return { kind: 'table', listing: JSON.parse(end.stdout) as unknown }
  } catch {
    return other(`not JSON: ${end.stdout.slice(0, 100)}`)
  }
}

function succeeded(end: ProgramEnd): end is Exited {
  return end.kind === 'exited' && end.exitCode === 0
}

/** What an end that is no success means. */
export function failureOf(end: ProgramEnd, text?: string): NftFailure {
  switch (end.kind) {
    case 'exited': {
      const failure = classifyError(end.stderr, text)
      return failure.message === '' ? { ...failure, message: `exit code ${end.exitCode}` } : failure
    }
    case 'not-started':
      return { kind: 'missing-nft', message: end.message }
    case 'killed':
      return { kind: 'crashed', message: `ended by ${end.signal}` }
    case 'timeout':
      return { kind: 'timeout', message: 'did not end in time' }
    case 'aborted':
      return { kind: 'aborted', message: 'ended because we are to stop' }
    case 'failed':
      return other(end.message)
  }
}

function other(message: string): NftFailure {
  return { kind: 'other', message }
}
