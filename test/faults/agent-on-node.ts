import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { onTestFinished } from 'vitest'
import type { Lab } from '../../src/lab/lab.ts'
import type { CommandResult } from '../../src/lab/run-command.ts'
import type { AgentStatus } from '../../src/telemetry/agent-status.ts'
import type { AgentFlows } from '../../src/telemetry/agent-flows.ts'
import { askAgent } from '../../src/telemetry/ask-agent.ts'
import { isAgentFlows } from '../../src/telemetry/is-agent-flows.ts'
import { askStatus } from '../../src/telemetry/ask-status.ts'
import type { Readiness } from '../../src/telemetry/readiness.ts'
import { isSubscribed } from '../../src/kernel/is-subscribed.ts'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { waitFor } from './wait-for.ts'

export const MAIN = join(PROJECT_ROOT, 'src', 'cli', 'main.ts')

export interface AgentSettings {
  /** Where it runs; default node-1. */
  readonly on?: 'node-1' | 'node-2'
  /** Whose pods are its own: node-1 unless told. */
  readonly node?: string
  /** What it is told with -f. */
  readonly folder: string
  readonly flags?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** A shell command that the agent's own command follows; it has to exec it. Its output is not read then. */
  readonly shell?: string
}

export interface LogLine {
  readonly level: string
  readonly msg: string
  readonly [fact: string]: unknown
}

export interface AgentOnNode {
  readonly pid: number
  readonly log: readonly LogLine[]
  /** Undefined when it does not answer. */
  status(): Promise<AgentStatus | undefined>
  /** All that its kernel has noted of packets. */
  flows(): Promise<AgentFlows>
  /** What `selvedge status` prints. */
  statusText(): Promise<string>
  /** Runs a command that asks the agent: `denied`. */
  ask(command: string, ...argv: readonly string[]): Promise<CommandResult>
  /** What /readyz says; asked from within the node. */
  readiness(): Promise<Readiness & { readonly code: number }>
  /** What /metrics says of one metric without labels; undefined: nothing. */
  metric(name: string): Promise<number | undefined>
  /** Until it is ready and no event waits. */
  ready(): Promise<void>
  /** Does its `nft monitor` run? Then it hears of foreign commits. */
  isWatching(): Promise<boolean>
  signal(signal: NodeJS.Signals): void
  ended(): Promise<{ readonly exitCode: number | undefined; readonly signal: string | undefined }>
}

/** Starts `selvedge agent` in a node of the lab. When the test ends, it ends. */
export function startAgent(lab: Lab, settings: AgentSettings): AgentOnNode {
  const { on = 'node-1', node = 'node-1', folder, flags = [], env = {}, shell } = settings
  const own = mkdtempSync(join(tmpdir(), 'selvedge-agent-'))
  const socket = join(own, 'agent.sock')
  const agent = [process.execPath, MAIN, 'agent', '--node', node, '-f', folder, '--socket', socket, ...flags]
  const command = shell === undefined ? agent : ['sh', '-c', `${shell}`, 'sh', ...agent]
  const [file = '', ...rest] = lab.command(on, ['env', ...pairs(env), ...command])
  const subprocess = execa(file, rest, {
    reject: false,
    cleanup: true,
    buffer: false,
    stdin: 'ignore',
    stderr: 'ignore',
  })
  const log: LogLine[] = []
  const reading = (async () => {
    for await (const line of subprocess) log.push(lineOf(line))
  })().catch(() => undefined)
  const ended = async () => {
    const { exitCode, signal } = await subprocess
    await reading
    return { exitCode, signal }
  }
  onTestFinished(async () => {
    subprocess.nodeChildProcess.kill('SIGKILL')
    await ended()
    rmSync(own, { recursive: true, force: true })
  })

  const status = () => askStatus(socket).catch(() => undefined)
  const get = async (path: string) => {
    const program = `const answer = await fetch('http://127.0.0.1:9753${path}')
      console.log(JSON.stringify({ code: answer.status, text: await answer.text() }))`
    const { stdout } = await lab.exec(on, [process.execPath, '--input-type=module', '--eval', program])
    return JSON.parse(stdout) as { readonly code: number; readonly text: string }
  }
  return {
    pid: subprocess.pid ?? 0,
    log,
    status,
    flows: () => askAgent(socket, 'flows', isAgentFlows, { timeoutMilliseconds: 20_000 }),
    statusText: async () => (await lab.exec(on, [process.execPath, MAIN, 'status', '--socket', socket])).stdout,
    ask: (command, ...argv) => lab.exec(on, [process.execPath, MAIN, command, '--socket', socket, ...argv]),
    async readiness() {
      const { code, text } = await get('/readyz')
      return { code, ...(JSON.parse(text) as Readiness) }
    },
    async metric(name) {
      const { text } = await get('/metrics')
      const found = text.split('\n').find((line) => line.startsWith(`${name} `))
      return found === undefined ? undefined : Number(found.split(' ')[1])
    },
    ready: () =>
      waitFor(
        'the agent is ready',
        async () => isSettled(await status()),
        () => JSON.stringify(log, null, 1),
      ),
    async isWatching() {
      const { stdout } = await lab.exec(on, ['pgrep', '-P', String(subprocess.pid), '-f', 'nft monitor'])
      const [monitor] = stdout.split('\n')
      return monitor !== undefined && monitor !== '' && (await isSubscribed(Number(monitor))) === true
    },
    signal: (signal) => void subprocess.nodeChildProcess.kill(signal),
    ended,
  }
}

function isSettled(status: AgentStatus | undefined): boolean {
  return status !== undefined && status.ready && status.pending.events === 0
}

function pairs(env: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(env).map(([name, value]) => `${name}=${value}`)
}

function lineOf(line: string): LogLine {
  try {
    return JSON.parse(line) as LogLine
  } catch {
    return { level: 'none', msg: line }
  }
}
