import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { type CpioFile, cpio } from './cpio.ts'
import type { Kernel } from './fetch-kernel.ts'
import { VmError } from './vm-error.ts'

/** What the first root has to load before it sees the machine's files; Debian builds all of it as modules. */
const MODULES = ['virtio_pci', '9pnet_virtio', '9p', 'overlay']
const BUSYBOX = '/bin/busybox'

/** The first root of that kernel: busybox, a few modules in the order in which they are loaded, and init.sh. */
export async function writeInitramfs(kernel: Kernel, path: string): Promise<void> {
  const modules = await inOrder(kernel)
  const files: CpioFile[] = [
    { path: 'init', mode: 0o100755, bytes: readFileSync(join(import.meta.dirname, 'init.sh')) },
    { path: 'bin/busybox', mode: 0o100755, bytes: await staticBusybox() },
  ]
  for (const [index, module] of modules.entries()) {
    files.push({ path: `modules/${String(index).padStart(2, '0')}.ko`, mode: 0o100644, bytes: await unpacked(module) })
  }
  const folders = ['bin', 'modules', 'proc', 'sys', 'dev', 'lower', 'upper', 'root']
  writeFileSync(path, cpio(folders, files))
}

async function inOrder({ release, modules }: Kernel): Promise<readonly string[]> {
  const base = join(modules, '..', '..')
  const paths = new Set<string>()
  for (const name of MODULES) {
    const argv = ['--dirname', base, '--set-version', release, '--show-depends', name]
    const { stdout } = await execa('modprobe', argv)
    for (const [, module = ''] of stdout.matchAll(/^insmod (\S+)/gm)) paths.add(module)
  }
  return [...paths]
}

async function unpacked(module: string): Promise<Buffer> {
  if (module.endsWith('.ko')) return readFileSync(module)
  const program = module.endsWith('.zst') ? 'zstd' : 'xz'
  return Buffer.from((await execa(program, ['--decompress', '--stdout', module], { encoding: 'buffer' })).stdout)
}

async function staticBusybox(): Promise<Buffer> {
  const { stdout } = await execa(BUSYBOX, ['--list'], { reject: false })
  if (!stdout?.includes('switch_root')) throw new VmError('no busybox here: apt-get install busybox-static')
  return readFileSync(BUSYBOX)
}
