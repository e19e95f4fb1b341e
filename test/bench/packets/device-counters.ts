import { readFileSync } from 'node:fs'

/** Packets that a device of the namespace that the process is in has sent. */
export function transmitted(pid: number, device: string): number {
  return counter(pid, device, 9)
}

/** Packets that it has received. */
export function received(pid: number, device: string): number {
  return counter(pid, device, 1)
}

/** A column of /proc/net/dev; zero for a device that is not there (yet). */
function counter(pid: number, device: string, column: number): number {
  for (const line of readFileSync(`/proc/${pid}/net/dev`, 'utf8').split('\n')) {
    const [name, counters] = line.split(':')
    if (name?.trim() === device) return Number(counters?.trim().split(/ +/)[column])
  }
  return 0
}
