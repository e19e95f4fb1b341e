import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Lab } from '../../src/lab/lab.ts'
import { until } from './until.ts'

/** Sees the commits to our table on a node, whoever makes them. */
export interface Commits extends AsyncDisposable {
  /** Waits for the first one after an instant; both of performance.now(). */
  after(instant: number): Promise<number>
}

const TRIAL = 'selvedge-test-trial'

/** Starts `nft monitor` there; it listens when this resolves. */
export async function watchCommits(lab: Lab, node: string): Promise<Commits> {
  const [file = '', ...rest] = lab.command(node, ['nft', 'monitor'])
  const monitor = spawn(file, rest, { stdio: ['ignore', 'pipe', 'ignore'] })
  const ended = once(monitor, 'exit')
  const seen: number[] = []
  let listens = false
  let isOurs = false
  createInterface({ input: monitor.stdout }).on('line', (line) => {
    listens ||= line.includes(TRIAL)
    isOurs ||= /^\w+ \w+ inet selvedge\b(?!-)/.test(line)
    if (!line.startsWith('# new generation')) return
    if (isOurs) seen.push(performance.now())
    isOurs = false
  })
  await until('nft monitor listens', async () => {
    await lab.nft(node, ['add', 'table', 'inet', TRIAL])
    await lab.nft(node, ['delete', 'table', 'inet', TRIAL])
    return listens
  })
  return {
    after: (instant) => until('a commit to our table', () => seen.find((one) => one > instant)),
    async [Symbol.asyncDispose]() {
      monitor.kill('SIGKILL')
      await ended
    },
  }
}
