import { readFileSync, readlinkSync } from 'node:fs'

/** Who built a lab: enough to tell later, from another process, whether the builder still lives. */
export interface LabCreator {
  /** Inode of its pid namespace: elsewhere the same number is another process. */
  readonly pidNamespace: string
  readonly pid: number
  /** In clock ticks since boot (proc_pid_stat(5), field 22): pids are used again. */
  readonly startTime: string
}

let labsOfThisProcess = 0

/** The name that begins the name of every namespace of a new lab: unique on this machine. */
export function newLabName(): string {
  const { pidNamespace, pid, startTime } = thisProcess()
  labsOfThisProcess += 1
  return `selvedge-lab-${pidNamespace}-${pid}-${startTime}-${labsOfThisProcess}`
}

/** Undefined when the namespace is not one of a lab. */
export function creatorOf(namespace: string): LabCreator | undefined {
  const [, pidNamespace, pid, startTime] = /^selvedge-lab-(\d+)-(\d+)-(\d+)-\d+-\w+$/.exec(namespace) ?? []
  if (pidNamespace === undefined || pid === undefined || startTime === undefined) return undefined
  return { pidNamespace, pid: Number(pid), startTime }
}

/** What cannot be seen from this pid namespace counts as alive. */
export function isAlive(creator: LabCreator): boolean {
  return creator.pidNamespace !== readPidNamespace() || creator.startTime === readStartTime(String(creator.pid))
}

function thisProcess(): LabCreator {
  const startTime = readStartTime('self')
  if (startTime === undefined) throw new Error('/proc/self/stat cannot be read')
  return { pidNamespace: readPidNamespace(), pid: process.pid, startTime }
}

function readPidNamespace(): string {
  return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0'
}

function readStartTime(pid: string): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field, the command, may itself hold spaces and brackets.
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}
