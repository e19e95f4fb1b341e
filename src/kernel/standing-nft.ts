import type { ProgramEnd } from './run-program.ts'
import { openOverwritten, type Overwritten } from './overwrite.ts'
import { PASSED, type StandingChild, startStandingChild } from './standing-child.ts'

/**
 * An nft that stays: a process for each transaction costs 16 ms of forking, reading what stands and ending; a standing one
 * takes the same transaction in 0.3 ms. Whatever it will not or cannot take goes by a process of its own, as ever.
 */
export interface StandingNft {
  /**
   * Commits the text as one transaction; `onStarted` names the process that will. Undefined: not taken, nothing was done.
   * Ends otherwise as `nft -f` does; one that ended by itself, hung or spoke nonsense is `killed` or `timeout`: what it
   * had in hand may stand or not.
   */
  run(text: string, onStarted: (pid: number) => void): Promise<ProgramEnd> | undefined
  /** Would it take a short transaction now? */
  readonly isReady: boolean
  /** It ends, and no other is started. */
  close(): void
}

export interface StandingNftOptions {
  /** As for `createNft`. */
  readonly command?: readonly string[]
  /** Where a transaction is written for nft to include it; nobody else's, its folder in memory and of our own. */
  readonly file: string
  readonly timeoutMilliseconds: number
  readonly signal?: AbortSignal | undefined
  readonly limits?: Partial<StandingLimits>
}

export interface StandingLimits {
  /** UTF-16 units. Longer ones gain nothing (250 kB: 40 ms and 47), and nft keeps the memory that they took. */
  readonly longestText: number
  /** A child that has taken so many makes room for another: a thousand leave 0.3 to 0.4 MiB behind (nft 1.0.6, 1.1.3). */
  readonly mostTransactions: number
  /** Looked at now and then: the cache of what stands grows with the tables of others, too. */
  readonly mostKilobytes: number
  /** After a child that failed; doubles with each, and starts anew with the first transaction that one has taken. */
  readonly firstWaitMilliseconds: number
  readonly longestWaitMilliseconds: number
}

const LIMITS: StandingLimits = {
  longestText: 256 * 1024,
  mostTransactions: 2_000,
  mostKilobytes: 48 * 1024,
  firstWaitMilliseconds: 1_000,
  longestWaitMilliseconds: 60_000,
}

const LOOK_AT_MEMORY_EVERY = 64

export function createStandingNft(options: StandingNftOptions): StandingNft {
  const { command = ['nft'], file, timeoutMilliseconds, signal } = options
  const limits = { ...LIMITS, ...options.limits }
  let transaction: Overwritten | undefined
  let child: StandingChild | undefined
  let ready = false
  let taken = 0
  let failures = 0
  let nextAt = 0
  let closed = false
  startChild()

  function startChild(): void {
    try {
      transaction ??= openOverwritten(file)
    } catch {
      // No folder, or a full one: the other way needs none.
      waitForNext()
      return
    }
    const next = startStandingChild({ command, descriptor: transaction.descriptor, timeoutMilliseconds, signal })
    child = next
    ready = false
    taken = 0
    // A build without a line editor has no interactive mode: it says so, and ends. What another says before it quotes the mark is no
    // answer: where no terminal is described (our image) libedit complains of that.
    void next.ask('').then((end) => {
      if (end.kind !== 'exited') fail(next)
      else if (child === next) ready = true
    })
  }

  function fail(failed: StandingChild): void {
    failed.kill()
    if (child !== failed) return
    child = undefined
    ready = false
    waitForNext()
  }

  function waitForNext(): void {
    nextAt = performance.now() + Math.min(limits.longestWaitMilliseconds, limits.firstWaitMilliseconds * 2 ** failures)
    failures += 1
  }

  function renewWhenUsed(used: StandingChild): void {
    const looks = taken % LOOK_AT_MEMORY_EVERY === 0
    const isLarge = looks && (used.residentKilobytes() ?? 0) > limits.mostKilobytes
    if (taken < limits.mostTransactions && !isLarge) return
    used.end()
    if (!closed) startChild()
  }

  async function take(used: StandingChild): Promise<ProgramEnd> {
    const end = await used.ask(`include "${PASSED}"`)
    if (end.kind !== 'exited') {
      fail(used)
      return end
    }
    if (end.exitCode !== 0 && !end.stderr.includes('Error:')) {
      // Neither a success nor a refusal: nobody knows what it has done, nor what it will do next.
      fail(used)
      return { kind: 'killed', signal: `us: ${end.stderr.split('\n')[0] ?? ''}` }
    }
    failures = 0
    renewWhenUsed(used)
    return end
  }

  return {
    run(text, onStarted) {
      if (closed || signal?.aborted) return undefined
      // Somebody killed it while it had nothing in hand.
      if (child?.isOver) fail(child)
      if (child === undefined && performance.now() >= nextAt) startChild()
      if (child?.pid === undefined || !ready || text.length > limits.longestText) return undefined
      try {
        transaction?.write(text)
      } catch {
        // A full disk is no reason not to apply: the other way needs none.
        return undefined
      }
      taken += 1
      onStarted(child.pid)
      return take(child)
    },
    get isReady() {
      return ready && child?.isOver === false
    },
    close() {
      closed = true
      child?.end()
      transaction?.close()
      transaction = undefined
    },
  }
}
