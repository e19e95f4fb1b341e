import { readFileSync } from 'node:fs'

/** CPU time of a process of one thread, in nanoseconds: its time on a CPU, soft interrupts that it set off included. */
export function runTime(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0])
}

/** Does it wait for something, so that its CPU time stands still? */
export function isAsleep(pid: number): boolean {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The second field, the command, may itself hold spaces and brackets.
  return text[text.lastIndexOf(')') + 2] === 'S'
}
