import { existsSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, release } from 'node:os'
import { describeUnavailable } from '../../../src/lab/describe-unavailable.ts'
import { runCommand } from '../../../src/lab/run-command.ts'

export interface Machine {
  /** Kernel, nft, processor, how busy. */
  readonly facts: string
  /** The CPU that everything measured runs on: the last one, as interrupts like the first. */
  readonly cpu: number
}

/** Why nothing can be measured here, or undefined. */
export async function whyNot(): Promise<string | undefined> {
  const reason = describeUnavailable('routed')
  if (reason !== undefined) return reason
  if (!existsSync('/proc/self/schedstat')) return 'this kernel keeps no CPU times in nanoseconds (CONFIG_SCHED_INFO)'
  const { exitCode } = await runCommand(['sh', '-c', 'command -v conntrack && command -v taskset'])
  return exitCode === 0 ? undefined : 'not installed: conntrack or taskset (Debian: conntrack util-linux)'
}

export async function lookAtMachine(): Promise<Machine> {
  const nft = (await runCommand(['nft', '--version'])).stdout.trim()
  const processors = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`
  const facts = `Linux ${release()}, ${nft}, Node ${process.version}, ${processors}, load ${loadavg()[0]?.toFixed(1)}`
  return { facts, cpu: availableParallelism() - 1 }
}
