import { readFileSync } from 'node:fs'
import type { ProgramEnd } from './run-program.ts'
import { readAnswer } from './standing-answer.ts'
import { letGo, startChild } from './start-child.ts'

/** One life of `nft -i`: it takes commands, one after the other, and says of each what nft said. */
export interface StandingChild {
  readonly pid: number | undefined
  /** Resolves in any case: with exit code 0, or with what `nft -f` would have written and exit code 1, or to how the child ended. */
  ask(command: string): Promise<ProgramEnd>
  /** It has ended, by itself or by us: no command is taken any more. */
  readonly isOver: boolean
  /** No further command; the process ends by itself, or is ended a second later. */
  end(): void
  kill(): void
  /** Kilobytes of memory that it holds; undefined when it is gone. */
  residentKilobytes(): number | undefined
}

export interface StandingChildOptions {
  readonly command: readonly string[]
  /** What it reads by {@link PASSED}. */
  readonly descriptor: number
  readonly timeoutMilliseconds: number
  readonly signal?: AbortSignal | undefined
}

/** Errors of one transaction are a few lines; more than this is none of nft's words. */
const LONGEST_ANSWER = 1024 * 1024

/** The file behind the descriptor that it was given, whatever has become of its name. */
export const PASSED = '/proc/self/fd/3'

const GRACE_MILLISECONDS = 1_000

/** nft writes every line that it was given to $HOME/.nft.history when it ends; a file is no folder, so nothing is written. */
const NO_HISTORY = '/dev/null'

/** Starts it. A program that is missing, or knows no interactive mode, is one whose first command fails. */
export function startStandingChild(options: StandingChildOptions): StandingChild {
  const settings = { stdin: 'pipe', stdout: 'ignore', passed: options.descriptor, env: { HOME: NO_HISTORY } } as const
  const started = startChild([...options.command, '-i'], settings)
  const child = started instanceof Error ? undefined : started
  let said = ''
  let asked = 0
  let ended: ProgramEnd | undefined
  /** Looks whether the command at hand has its answer. */
  let look = (): void => undefined
  /** Ends the command at hand, if there is one. */
  let give = (_why: ProgramEnd): void => undefined
  // One for all commands, since setting one for each costs more than the rest of asking.
  const timer = setTimeout(() => give({ kind: 'timeout' }), options.timeoutMilliseconds)
  timer.unref()
  const onAbort = (): void => give({ kind: 'aborted' })
  options.signal?.addEventListener('abort', onAbort, { once: true })

  child?.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text
    look()
  })
  child?.once('exit', (code, signal) => over({ kind: 'killed', signal: signal ?? `exit code ${code}` }))
  child?.once('error', ({ message }) => over({ kind: 'not-started', message }))
  if (started instanceof Error) over({ kind: 'not-started', message: started.message })

  function over(end: ProgramEnd): void {
    ended ??= end
    clearTimeout(timer)
    options.signal?.removeEventListener('abort', onAbort)
    look()
  }

  function kill(why: ProgramEnd): ProgramEnd {
    over(why)
    child?.kill('SIGKILL')
    // Something that it started may keep the pipes open.
    if (child !== undefined) letGo(child)
    return why
  }

  async function ask(command: string): Promise<ProgramEnd> {
    if (options.signal?.aborted) return kill({ kind: 'aborted' })
    asked += 1
    // No command of nft's: it refuses the line at once, without asking the kernel, and quotes it. Short, since nft reads letter by
    // letter.
    const mark = `m${asked}`
    said = ''
    const answer = Promise.withResolvers<ProgramEnd>()
    look = () => {
      const text = readAnswer(said, mark)
      if (text !== undefined)
        answer.resolve({ kind: 'exited', exitCode: text === '' ? 0 : 1, stdout: '', stderr: text })
      else if (ended !== undefined) answer.resolve(ended)
      else if (said.length > LONGEST_ANSWER)
        answer.resolve(kill({ kind: 'killed', signal: 'an answer without an end' }))
    }
    give = (why) => answer.resolve(kill(why))
    timer.refresh()
    child?.stdin?.write(`${command}\n${mark}\n`)
    look()
    const end = await answer.promise
    look = () => undefined
    give = () => undefined
    return end
  }

  return {
    pid: child?.pid,
    ask,
    get isOver() {
      return ended !== undefined
    },
    end() {
      child?.stdin?.end()
      const late = setTimeout(() => child?.kill('SIGKILL'), GRACE_MILLISECONDS)
      child?.once('exit', () => clearTimeout(late))
    },
    kill: () => void kill({ kind: 'aborted' }),
    residentKilobytes: () => (ended === undefined ? residentKilobytes(child?.pid) : undefined),
  }
}

function residentKilobytes(pid: number | undefined): number | undefined {
  try {
    const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return found === null ? undefined : Number(found[1])
  } catch {
    return undefined
  }
}
