import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { enterNamespace } from '../../../src/lab/namespaces.ts'
import { buildPcap } from '../../../src/lab/packets/build-pcap.ts'
import { transmitted } from './device-counters.ts'
import { isAsleep, runTime } from './process-times.ts'

/** A raw sender that stays, so that a few hundred packets can be sent and measured without starting anything. */
export interface Sender {
  /** Sends frames and returns the CPU time that this took, in nanoseconds, once all are sent. Not to be called twice at once. */
  send(frames: readonly Uint8Array[]): Promise<number>
  /** Ends it. */
  close(): Promise<void>
}

const DEADLINE_MILLISECONDS = 20_000

/**
 * tcpreplay on one CPU, reading a capture without an end from its stdin. veth hands a packet on within the system call
 * that sends it, so the CPU time of this process is that of the whole path: router, ruleset and sink. Other processes on
 * that CPU, however busy, are not in it. It ends with its stdin, hence also when this process dies.
 */
export async function startSender(namespace: string, device: string, cpu: number): Promise<Sender> {
  const replay = ['tcpreplay', '--topspeed', '--no-flow-stats', '-i', device, '-']
  const [file = '', ...rest] = enterNamespace(namespace, ['taskset', '--cpu-list', String(cpu), ...replay])
  const child = spawn(file, rest, { stdio: ['pipe', 'ignore', 'pipe'] })
  const ended = once(child, 'close')
  let words = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (words += chunk))
  // A write to a process that has ended fails; the loop below then says so.
  child.stdin.on('error', () => undefined)
  await once(child, 'spawn')
  const pid = child.pid ?? 0
  child.stdin.write(buildPcap([]))

  async function untilSent(total: number): Promise<void> {
    const deadline = performance.now() + DEADLINE_MILLISECONDS
    while (child.exitCode !== null || transmitted(pid, device) < total || !isAsleep(pid)) {
      if (child.exitCode !== null) throw new Error(`tcpreplay ended: ${words}`)
      if (performance.now() > deadline) throw new Error(`tcpreplay sends nothing through ${device}: ${words}`)
      await sleep(1)
    }
  }

  return {
    send: async (frames) => {
      const [total, before] = [transmitted(pid, device) + frames.length, runTime(pid)]
      child.stdin.write(buildPcap(frames).subarray(buildPcap([]).length))
      await untilSent(total)
      return runTime(pid) - before
    },
    close: async () => {
      child.stdin.end()
      await ended
    },
  }
}
