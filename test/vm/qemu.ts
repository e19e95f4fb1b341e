import { existsSync, readFileSync } from 'node:fs'
import { execa, ExecaError } from 'execa'
import { VmError } from './vm-error.ts'

export type Accelerator = 'kvm' | 'tcg'

export interface QemuRequest {
  readonly image: string
  readonly initramfs: string
  readonly accelerator: Accelerator
  /** Words of the kernel's command line besides the console's. */
  readonly words: readonly string[]
  /** Folders that the guest mounts by 9p, by their tags. */
  readonly shares: readonly { readonly tag: string; readonly path: string; readonly writable: boolean }[]
  readonly memoryMegabytes: number
  readonly seconds: number
  readonly processors: number
  /** Gets each line of the serial console as it comes. */
  readonly onLine?: (line: string) => void
}

export interface QemuRun {
  readonly output: string
  readonly timedOut: boolean
  /** Of this machine's processors, the emulator's own threads included; the last half second may be missing. */
  readonly processorSeconds: number
}

const PROGRAM = 'qemu-system-x86_64'

/** Runs a machine without a network card until it switches itself off; returns what it printed. */
export async function qemu(request: QemuRequest): Promise<QemuRun> {
  const { image, initramfs, accelerator, words, shares, memoryMegabytes, seconds, processors, onLine } = request
  const emulated = accelerator === 'tcg'
  // Of an older processor: what Node and the C library would do with wider registers is dear to emulate.
  const model = `-cpu ${emulated ? 'Nehalem' : 'host'} -smp ${processors}`
  const machine = `-accel ${emulated ? 'tcg,thread=multi' : 'kvm'} ${model} -m ${memoryMegabytes}`
  const devices = '-nodefaults -no-reboot -display none -nic none -serial stdio -monitor none'
  const argv = [machine, devices].flatMap((part) => part.split(' '))
  argv.push('-kernel', image, '-initrd', initramfs)
  // What guards against flaws of real processors costs an emulated one a good part of its time.
  argv.push('-append', ['console=ttyS0', 'loglevel=3', 'panic=-1', 'mitigations=off', ...words].join(' '))
  for (const { tag, path, writable } of shares) {
    const access = `security_model=none,multidevs=remap,readonly=${writable ? 'off' : 'on'}`
    argv.push('-virtfs', `local,path=${path},mount_tag=${tag},${access}`)
  }
  const running = execa(PROGRAM, argv, {
    stdin: 'ignore',
    all: true,
    reject: false,
    timeout: seconds * 1000,
    forceKillAfterDelay: 1000,
    maxBuffer: 512 * 1024 * 1024,
  })
  let processorSeconds = 0
  const sampling = setInterval(() => {
    processorSeconds = processorSecondsOf(running.pid) ?? processorSeconds
  }, 500)
  if (onLine !== undefined) await tellLines(running, onLine)
  const { all, exitCode, timedOut, stderr, code } = await running
  clearInterval(sampling)
  if (code === 'ENOENT') throw new VmError(`no ${PROGRAM} here: apt-get install qemu-system-x86`)
  if (exitCode !== 0 && exitCode !== undefined && !timedOut) {
    throw new VmError(`${PROGRAM} ended with ${exitCode}: ${stderr.split('\n')[0]}`)
  }
  return { output: all, timedOut, processorSeconds }
}

/** To the end of what it says; how it ended is another's business. */
async function tellLines(running: AsyncIterable<string>, onLine: (line: string) => void): Promise<void> {
  try {
    for await (const line of running) onLine(line)
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error
  }
}

/** User and system time (proc(5): fields 14 and 15, behind a name in brackets), in ticks of 1/100 s; undefined when it has ended. */
function processorSecondsOf(id: number | undefined): number | undefined {
  const path = `/proc/${id}/stat`
  if (id === undefined || !existsSync(path)) return undefined
  const [user = 0, system = 0] = readFileSync(path, 'utf8').split(') ')[1]?.split(' ').slice(11, 13).map(Number) ?? []
  return (user + system) / 100
}

export function kvmThere(): boolean {
  return existsSync('/dev/kvm')
}
