import { readFileSync } from 'node:fs'

export interface AgentMemory {
  /** Resident now, and at its highest, in MiB. */
  readonly resident: number
  readonly peak: number
}

/** /proc counts CPU time in hundredths of a second on every architecture that Linux has today. */
const TICKS_PER_SECOND = 100

/** User and system time of a process, and of its children: those that have ended (nft), and those that run (nft monitor). */
export function cpuSeconds(pid: number): { readonly own: number; readonly children: number } {
  const [own = 0, ended = 0] = ticks(pid)
  const children = childrenOf(pid).reduce((total, child) => total + (ticks(child)[0] ?? 0), ended)
  return { own: own / TICKS_PER_SECOND, children: children / TICKS_PER_SECOND }
}

/** The children that run, of its first thread, which starts them all. */
export function childrenOf(pid: number): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
}

/** Own ticks and those of children that have ended; nothing of a process that is gone. */
function ticks(pid: number): readonly number[] {
  let text: string
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return []
  }
  // The second field, the command, may itself hold spaces and brackets; utime is the 14th of all.
  const [user = 0, system = 0, childUser = 0, childSystem = 0] = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 15)
    .map(Number)
  return [user + system, childUser + childSystem]
}

export function memoryOf(pid: number): AgentMemory {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8')
  const field = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1]) / 1_024
  return { resident: field('VmRSS'), peak: field('VmHWM') }
}
