import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { cleanUpOnExit } from '../../../src/lab/clean-up-on-exit.ts'
import type { Lab } from '../../../src/lab/lab.ts'
import { now } from './flood.ts'
import { type AgentMemory, childrenOf, cpuSeconds, memoryOf } from './agent-proc.ts'

/** The agent as a process of its own on a node of the lab. */
export interface AgentHandle {
  /** From its start to its first ruleset in the kernel: seconds of the clock, and of CPU with all that it ran. */
  readonly start: { readonly seconds: number; readonly cpuSeconds: number; readonly bytes: number }
  /** Its CPU time so far, in seconds. */
  cpu(): { readonly own: number; readonly children: number }
  memory(): AgentMemory
  /** A metric's sum over its labels. Making the text costs the agent CPU: not while that is counted. */
  metric(name: string): Promise<number>
  /** Waits until it has done nothing for so long: no CPU to speak of, no nft, nothing applied. */
  quiet(milliseconds: number): Promise<void>
  /** Ends it; its table stays. */
  stop(): Promise<void>
}

const LISTEN = '127.0.0.1:9753'
const READ_METRICS = `process.stdout.write(await (await fetch('http://${LISTEN}/metrics')).text())`
const LOOK_MILLISECONDS = 100
/** Of CPU, between two looks: what an idle agent takes for its timers. */
const IDLE_SECONDS = 0.03
const PATIENCE_MILLISECONDS = 600_000

/** What to start, `main` by Node, and where; `profile`: a folder for `node --cpu-prof`. */
export interface AgentProgram {
  readonly main: string
  readonly node: string
  readonly kubeconfig: string
  readonly profile: string | undefined
}

/** Starts it on a node without a table and waits for its first ruleset. */
export async function startAgent(lab: Lab, { main, node, kubeconfig, profile }: AgentProgram): Promise<AgentHandle> {
  const folder = mkdtempSync(join(tmpdir(), 'selvedge-bench-agent-'))
  const profiling = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]
  // Nothing but events is to be counted; what a comparison with the kernel costs is another question.
  const quietly = ['--verify-interval', '86400', '--socket', join(folder, 's'), '--listen', LISTEN]
  const flags = ['--node', node, '--kubeconfig', kubeconfig, ...quietly]
  const began = now()
  const [file = '', ...rest] = lab.command(node, [process.execPath, ...profiling, main, 'agent', ...flags])
  const child = spawn(file, rest, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  // It would outlive a bench that is ended by a signal.
  const cancelCleanUp = cleanUpOnExit(() => {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })
  const pid = child.pid ?? 0
  const applied = Promise.withResolvers<AgentHandle['start']>()
  let lastLine = now()
  const words: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { msg, reason, bytes } = JSON.parse(line) as { msg: string; reason?: string; bytes?: number }
    if (msg !== 'applied') words.push(line)
    else if (reason === 'start') {
      applied.resolve({ seconds: (now() - began) / 1_000, cpuSeconds: sum(cpuSeconds(pid)), bytes: bytes ?? 0 })
    }
    lastLine = now()
  })
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    await ended
    cancelCleanUp()
    rmSync(folder, { recursive: true, force: true })
  }
  void ended.then(() => applied.reject(new Error(`the agent ended:\n${words.join('\n')}`)))
  const timer = setTimeout(
    () => applied.reject(new Error(`the agent applies nothing:\n${words.join('\n')}`)),
    PATIENCE_MILLISECONDS,
  )
  const start = await applied.promise.catch(async (error: unknown) => {
    await stop()
    throw error
  })
  clearTimeout(timer)
  return {
    start,
    cpu: () => cpuSeconds(pid),
    memory: () => memoryOf(pid),
    async metric(name) {
      const { stdout } = await lab.exec(node, [process.execPath, '--input-type=module', '-e', READ_METRICS])
      const values = stdout.split('\n').flatMap((line) => {
        const [, found, value] = /^(\w+)(?:\{.*\})? (\S+)$/.exec(line) ?? []
        return found === name ? [Number(value)] : []
      })
      if (stdout === '') throw new Error('the agent gives no metrics')
      return values.reduce((total, value) => total + value, 0)
    },
    async quiet(milliseconds) {
      const began = now()
      let since = began
      let before = sum(cpuSeconds(pid))
      while (now() - Math.max(since, lastLine) < milliseconds) {
        await sleep(LOOK_MILLISECONDS)
        const cpu = sum(cpuSeconds(pid))
        // Two children stay: nft monitor, and the nft that takes transactions.
        if (cpu - before > IDLE_SECONDS || childrenOf(pid).length > 2) since = now()
        if (now() - began > PATIENCE_MILLISECONDS) throw new Error('the agent never comes to rest')
        before = cpu
      }
    },
    stop,
  }
}

function sum({ own, children }: ReturnType<AgentHandle['cpu']>): number {
  return own + children
}
