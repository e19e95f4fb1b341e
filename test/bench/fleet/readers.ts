import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { cpuSeconds } from '../agent/agent-proc.ts'

/** How all readers stand together. */
export interface Standing {
  /** Sources that have all that stood. */
  readonly synced: number
  /** Changes that their listeners were told. */
  readonly changes: number
  /** What they have read, with TLS and without TCP/IP. */
  readonly bytes: number
}

/** Sources of the agent in a few processes, as if each were a node's. */
export interface Readers extends AsyncDisposable {
  /** Starts so many more at once; resolves when they are synced, at the latest after the milliseconds given. */
  start(count: number, milliseconds: number): Promise<void>
  stop(): Promise<void>
  standing(): Promise<Standing>
  /** Seconds of CPU that the processes have taken. */
  cpu(): number
}

const PROGRAM = fileURLToPath(new URL('./programs/read-cluster.ts', import.meta.url))

/** `processes`: among so many the readers are dealt. They end with this process. */
export async function startReaders(kubeconfig: string, processes: number): Promise<Readers> {
  const programs = Array.from({ length: processes }, (_, index) => startProgram({ kubeconfig, name: `node-${index}` }))
  const askAll = async (lines: readonly object[]): Promise<Standing> => {
    const answers = await Promise.all(programs.map((program, index) => program.ask(lines[index] ?? {})))
    const sum = (of: keyof Standing): number => answers.reduce((total, answer) => total + answer[of], 0)
    return { synced: sum('synced'), changes: sum('changes'), bytes: sum('bytes') }
  }
  const same = (line: object) => programs.map(() => line)
  await askAll([])
  return {
    async start(count, milliseconds) {
      const before = await askAll([])
      const shares = programs.map((_, index) => Math.floor((count + index) / processes))
      let { synced } = await askAll(shares.map((start) => ({ start })))
      for (let left = milliseconds; synced < before.synced + count; left -= 100) {
        if (left <= 0) throw new Error(`${synced - before.synced} of ${count} readers have synced`)
        await pause(100)
        synced = (await askAll([])).synced
      }
    },
    stop: async () => void (await askAll(same({ stop: true }))),
    standing: () => askAll([]),
    cpu: () => programs.reduce((total, { pid }) => total + cpuSeconds(pid).own, 0),
    async [Symbol.asyncDispose]() {
      await Promise.all(programs.map((program) => program.close()))
    },
  }
}

function startProgram(argument: object): {
  readonly pid: number
  ask(line: object): Promise<Standing>
  close(): Promise<void>
} {
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify(argument)], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  child.stdin.on('error', () => undefined)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    pid: child.pid ?? 0,
    async ask(line) {
      child.stdin.write(`${JSON.stringify(line)}\n`)
      const { done, value } = await lines.next()
      if (done === true) throw new Error('a reader has ended')
      return JSON.parse(value) as Standing
    },
    async close() {
      child.stdin.end()
      await ended
    },
  }
}
