import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, release } from 'node:os'
import { describeUnavailable } from '../../../src/lab/describe-unavailable.ts'
import { runCommand } from '../../../src/lab/run-command.ts'

export interface Machine {
  /** Kernel, nft, processor. */
  readonly facts: string
  /** The CPU that everything measured runs on: the last one, as interrupts like the first. */
  readonly cpu: number
  /** What puts a command there; with real-time priority where the system lets us. */
  readonly pinned: readonly string[]
  readonly isRealTime: boolean
}

/** Why nothing can be measured here, or undefined. */
export async function whyNot(): Promise<string | undefined> {
  const reason = describeUnavailable('routed')
  if (reason !== undefined) return reason
  const { exitCode } = await runCommand(['sh', '-c', 'command -v conntrack && command -v taskset'])
  return exitCode === 0 ? undefined : 'not installed: conntrack or taskset (Debian: conntrack util-linux)'
}

export async function lookAtMachine(): Promise<Machine> {
  const cpu = availableParallelism() - 1
  const pin = ['taskset', '--cpu-list', String(cpu)]
  const first = ['chrt', '--fifo', '10']
  const isRealTime = (await runCommand([...pin, ...first, 'true'])).exitCode === 0
  const nft = (await runCommand(['nft', '--version'])).stdout.trim()
  const facts = `Linux ${release()}, ${nft}, Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`
  return { facts, cpu, pinned: isRealTime ? [...pin, ...first] : pin, isRealTime }
}

/** Time that the hypervisor took from a CPU since boot, in ticks of proc_stat(5). */
export function stolenTicks(cpu: number): number {
  const line = readFileSync('/proc/stat', 'utf8')
    .split('\n')
    .find((one) => one.startsWith(`cpu${cpu} `))
  return Number(line?.split(' ')[8])
}
