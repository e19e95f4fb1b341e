import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PROJECT_ROOT } from '../support/project-root.ts'
import { cacheFolder } from './cache.ts'
import { fetchKernel } from './fetch-kernel.ts'
import { fetchNft } from './fetch-nft.ts'
import { findAccelerator } from './find-accelerator.ts'
import { writeInitramfs } from './initramfs.ts'
import type { KernelLine } from './kernels.ts'
import { qemu } from './qemu.ts'
import { VmError } from './vm-error.ts'

export interface VmRequest {
  readonly kernel: KernelLine
  /** Another suite's nft instead of the machine's own. */
  readonly nft?: string
  readonly command: readonly string[]
  readonly seconds: number
  /** Besides FC_* and SELVEDGE_* of ours. */
  readonly environment?: Readonly<Record<string, string>>
  /** Default: one that is emulated, two that are the machine's own. */
  readonly processors?: number
}

export type VmResult = { readonly processorSeconds: number } & (
  | { readonly kind: 'ended'; readonly exitCode: number }
  | { readonly kind: 'timed out' }
  /** It switched itself off, or crashed, before the command had ended. */
  | { readonly kind: 'died' }
)

/** Runs a command on this checkout, under that kernel; what is written in there is gone afterwards. */
export async function runInVm(request: VmRequest, onLine: (line: string) => void): Promise<VmResult> {
  const { kernel: line, nft, command, seconds } = request
  const kernel = await fetchKernel(line)
  const wrapper = nft === undefined ? undefined : await fetchNft(nft)
  const job = mkdtempSync(join(tmpdir(), 'selvedge-vm-'))
  try {
    // What Node has compiled once, under this emulated processor, it need not compile again in the next machine.
    const compiled = join(cacheFolder(), 'compiled')
    mkdirSync(compiled, { recursive: true })
    const initramfs = join(job, 'initramfs')
    await writeInitramfs(kernel, initramfs)
    const accelerator = await findAccelerator(kernel.image, initramfs)
    copyFileSync(join(import.meta.dirname, 'stage.sh'), join(job, 'stage.sh'))
    writeFileSync(join(job, 'environment'), environment(request.environment))
    writeFileSync(join(job, 'command'), `exec ${command.map(quoted).join(' ')}\n`)
    if (wrapper !== undefined) writeFileSync(join(job, 'nft'), wrapper)
    const { output, timedOut, processorSeconds } = await qemu({
      image: kernel.image,
      initramfs,
      accelerator,
      words: [],
      shares: [
        { tag: 'files', path: '/', writable: false },
        { tag: 'modules', path: kernel.modules, writable: false },
        { tag: 'job', path: job, writable: true },
        { tag: 'compiled', path: compiled, writable: true },
      ],
      memoryMegabytes: 3072,
      seconds,
      processors: request.processors ?? (accelerator === 'tcg' ? 1 : 2),
      onLine,
    })
    const status = join(job, 'status')
    if (existsSync(status)) return { kind: 'ended', exitCode: Number(readFileSync(status, 'utf8')), processorSeconds }
    // What never got as far as the command says nothing about the command.
    if (!output.includes('vm: Linux ')) throw new VmError(`kernel ${line.name} did not come up: ${lastLine(output)}`)
    return { kind: timedOut ? 'timed out' : 'died', processorSeconds }
  } finally {
    rmSync(job, { recursive: true, force: true })
  }
}

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1) ?? ''
}

function environment(more: VmRequest['environment'] = {}): string {
  const path = [
    join(PROJECT_ROOT, 'node_modules', '.bin'),
    '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  ]
  const asked = Object.entries(process.env).filter(([name]) => /^(FC_|SELVEDGE_)/.test(name))
  const all = {
    PATH: path.join(':'),
    HOME: '/run/tmp',
    TMPDIR: '/run/tmp',
    LC_ALL: 'C.UTF-8',
    CI: 'true',
    NODE_COMPILE_CACHE: '/vm/compiled',
    DIRECTORY: PROJECT_ROOT,
    ...Object.fromEntries(asked),
    ...more,
  }
  return Object.entries(all)
    .map(([name, value]) => `export ${name}=${quoted(value ?? '')}\n`)
    .join('')
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}
