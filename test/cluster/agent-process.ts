import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Lab } from '../../src/lab/lab.ts'
import type { AgentStatus } from '../../src/telemetry/agent-status.ts'
import { askStatus } from '../../src/telemetry/ask-status.ts'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { until } from './until.ts'

/** One line of the agent's log; what is no JSON comes as `msg`. */
export interface LogLine {
  readonly level?: string
  readonly msg: string
  readonly [fact: string]: unknown
}

/** `selvedge agent` on a node of the lab. */
export interface AgentProcess extends AsyncDisposable {
  readonly node: string
  /** Of the agent itself. */
  readonly pid: number
  readonly socket: string
  /** Its log so far. */
  lines(): readonly LogLine[]
  stderr(): string
  /** Asks its status socket. Throws StatusSocketError. */
  status(): Promise<AgentStatus>
  /** Waits until it is ready. Throws when it ends first. */
  ready(): Promise<AgentStatus>
  /** Waits for a line of its log, one that stands there already included. */
  line(what: string, matches: (line: LogLine) => boolean): Promise<LogLine>
  hasEnded(): boolean
  /** Sends a signal and returns at once; for SIGSTOP and SIGCONT. */
  signal(name: NodeJS.Signals): void
  /** Sends a signal (SIGTERM) and resolves with the exit code once it is gone; 128 + the number when it died of it. */
  kill(name?: NodeJS.Signals): Promise<number>
}

export interface AgentCommand {
  readonly node: string
  readonly socket: string
  readonly flags: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

const MAIN = join(PROJECT_ROOT, 'src', 'cli', 'main.ts')

/** Runs the arguments as a program that dies with this shell's stdin: the test's process may die in any way. */
const KEEPER = `
exec 3<&0
"$@" </dev/null 3<&- & pid=$!
(read -r _ <&3; kill -9 $pid) >/dev/null 2>&1 & reader=$!
wait $pid; code=$?
kill $reader 2>/dev/null
exit $code`

/** First its own pid, then the program in its place. */
const TELL_PID = 'echo $$; exec "$@"'

/** Starts an agent; resolves as soon as it has a pid. */
export async function startAgentProcess(
  lab: Pick<Lab, 'command'>,
  { node, socket, flags, env = {} }: AgentCommand,
): Promise<AgentProcess> {
  const words = ['agent', '--node', node, '--socket', socket, ...flags]
  const argv = lab.command(node, ['sh', '-c', TELL_PID, 'sh', process.execPath, MAIN, ...words])
  const keeper = spawn('sh', ['-c', KEEPER, 'sh', ...argv], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  const ended = once(keeper, 'exit').then(([code]) => (code as number | null) ?? -1)
  let errors = ''
  keeper.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const log: LogLine[] = []
  const output = createInterface({ input: keeper.stdout })
  const first = once(output, 'line').then(([line]) => Number(line))
  const pid = await Promise.race([first, ended.then(() => Number.NaN)])
  if (Number.isNaN(pid)) throw new Error(`no agent on ${node}: ${errors}`)
  output.on('line', (line) => log.push(readLine(line)))

  const hasEnded = () => keeper.exitCode !== null || keeper.signalCode !== null
  function assertRuns(): void {
    if (!hasEnded()) return
    const tail = log.slice(-5).map((line) => JSON.stringify(line))
    throw new Error(`the agent of ${node} ended with ${keeper.exitCode}: ${[...tail, errors].join('\n')}`)
  }
  const signal = (name: NodeJS.Signals): void => {
    if (!hasEnded()) process.kill(pid, name)
  }
  const kill = (name: NodeJS.Signals = 'SIGTERM'): Promise<number> => {
    signal(name)
    return ended
  }
  const status = () => askStatus(socket)
  return {
    node,
    pid,
    socket,
    lines: () => log,
    stderr: () => errors,
    status,
    ready() {
      let last: AgentStatus | undefined
      const what = () => `the agent of ${node} is ready: ${JSON.stringify(last?.reasons)} ${errors}`
      return until(what, async () => {
        assertRuns()
        last = await status().catch(() => undefined)
        return last?.ready === true ? last : undefined
      })
    },
    line: (what, matches) =>
      until(`${node} logs ${what}`, () => {
        const found = log.find(matches)
        if (found === undefined) assertRuns()
        return found
      }),
    hasEnded,
    signal,
    kill,
    async [Symbol.asyncDispose]() {
      keeper.stdin.end()
      await ended
    },
  }
}

function readLine(text: string): LogLine {
  try {
    return JSON.parse(text) as LogLine
  } catch {
    return { msg: text }
  }
}
