import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder } from './cache.ts'
import { type Accelerator, kvmThere, qemu } from './qemu.ts'

/** Far more than a start by KVM takes, and far less than a test. */
const PATIENCE_SECONDS = 15

/**
 * KVM if it really starts this kernel, else emulation, some ten times slower. /dev/kvm may open where nothing starts by it, so
 * it is tried, once for each start of this machine.
 */
export async function findAccelerator(image: string, initramfs: string): Promise<Accelerator> {
  if (!kvmThere()) return 'tcg'
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  const known = join(cacheFolder(), `accelerator-${boot}`)
  if (existsSync(known)) return readFileSync(known, 'utf8') as Accelerator
  const words = ['selvedge.probe']
  const request = {
    image,
    initramfs,
    words,
    shares: [],
    memoryMegabytes: 512,
    seconds: PATIENCE_SECONDS,
    processors: 1,
  }
  const works = await qemu({ ...request, accelerator: 'kvm' }).then(
    ({ output }) => output.includes('vm: probe'),
    () => false,
  )
  const accelerator = works ? 'kvm' : 'tcg'
  writeFileSync(known, accelerator)
  return accelerator
}
