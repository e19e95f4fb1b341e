import { readdirSync, readFileSync } from 'node:fs'

export interface AgentMemory {
  /** Resident now, and at its highest, in MiB. */
  readonly resident: number
  readonly peak: number
}

/** What has ended is counted in hundredths of a second on every architecture that Linux has today. */
const TICKS_PER_SECOND = 100

/** User and system time of a process, and of its children: those that run (nft -i, nft monitor), in nanoseconds, and those that have ended. */
export function cpuSeconds(pid: number): { readonly own: number; readonly children: number } {
  const running = childrenOf(pid).reduce((total, child) => total + runSeconds(child), 0)
  return { own: runSeconds(pid), children: endedTicks(pid) / TICKS_PER_SECOND + running }
}

/** Of all its threads; 0 of a process that is gone. A thread that ends takes its time along, so that of short-lived ones is missing. */
function runSeconds(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/task`).reduce((total, thread) => {
      const [ran = ''] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')
      return total + Number(ran) / 1e9
    }, 0)
  } catch {
    return 0
  }
}

/** The children that run, of its first thread, which starts them all. */
export function childrenOf(pid: number): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
}

/** User and system time of children that have ended. */
function endedTicks(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The second field, the command, may itself hold spaces and brackets; cutime is the 16th of all.
  const [user = 0, system = 0] = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .slice(13, 15)
    .map(Number)
  return user + system
}

export function memoryOf(pid: number): AgentMemory {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8')
  const field = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1]) / 1_024
  return { resident: field('VmRSS'), peak: field('VmHWM') }
}
