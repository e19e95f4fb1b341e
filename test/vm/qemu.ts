import { existsSync } from 'node:fs'
import { execa } from 'execa'
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
  /** What comes over the serial line goes here as well, as it comes. */
  readonly echo: boolean
}

const PROGRAM = 'qemu-system-x86_64'

/** Runs a machine without a network card until it switches itself off; returns what it printed. */
export async function qemu(request: QemuRequest): Promise<{ readonly output: string; readonly timedOut: boolean }> {
  const { image, initramfs, accelerator, words, shares, memoryMegabytes, seconds, echo } = request
  const processor = accelerator === 'tcg' ? (process.env['VMX_CPU'] ?? 'Nehalem') : 'host'
  // Each processor of the guest is a thread of its own; more than two would only wait for each other.
  const machine = `-accel ${accelerator === 'tcg' ? (process.env['VMX_ACCEL'] ?? 'tcg,thread=multi') : 'kvm'} -cpu ${processor} -smp ${process.env['VMX_SMP'] ?? 1} -m ${memoryMegabytes}`
  const devices = '-nodefaults -no-reboot -display none -nic none -serial stdio -monitor none'
  const argv = [machine, devices].flatMap((part) => part.split(' '))
  argv.push('-kernel', image, '-initrd', initramfs)
  argv.push(
    '-append',
    [
      'console=ttyS0',
      'loglevel=3',
      'panic=-1',
      'mitigations=off',
      ...words,
      ...(process.env['VMX_APPEND'] ?? '').split(' '),
    ].join(' '),
  )
  for (const { tag, path, writable } of shares) {
    const access = `security_model=none,multidevs=remap,readonly=${writable ? 'off' : 'on'}`
    argv.push('-virtfs', `local,path=${path},mount_tag=${tag},${access}`)
  }
  const running = execa(PROGRAM, argv, {
    stdin: 'ignore',
    stdout: echo ? ['pipe', 'inherit'] : 'pipe',
    all: true,
    reject: false,
    timeout: seconds * 1000,
    forceKillAfterDelay: 1000,
    maxBuffer: 512 * 1024 * 1024,
  })
  const { all, exitCode, timedOut, stderr, code } = await running
  if (code === 'ENOENT') throw new VmError(`no ${PROGRAM} here: apt-get install qemu-system-x86`)
  if (exitCode !== 0 && exitCode !== undefined && !timedOut) {
    throw new VmError(`${PROGRAM} ended with ${exitCode}: ${stderr.split('\n')[0]}`)
  }
  return { output: all, timedOut }
}

export function kvmThere(): boolean {
  return existsSync('/dev/kvm')
}
