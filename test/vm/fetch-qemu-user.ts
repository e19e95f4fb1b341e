import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { cached } from './cache.ts'
import { debianPackages } from './debian-packages.ts'
import { VmError } from './vm-error.ts'

const PROGRAM = 'qemu-aarch64-static'
/** The last suite whose package holds one file for each processor, without libraries. */
const SUITE = 'bookworm'

/** QEMU's emulation of arm64 for single programs: the machine's own, else out of Debian's package, of which only this file is kept. */
export async function fetchQemuUser(): Promise<string> {
  const own = await execa('sh', ['-c', `command -v ${PROGRAM} qemu-aarch64`], { reject: false })
  const [first = ''] = own.stdout.split('\n')
  if (first !== '') return first
  const folder = await cached('qemu-user', async (into) => {
    const apt = await debianPackages([SUITE])
    try {
      if ((await apt.newest('qemu-user-static')) === undefined) throw missing('no suite of Debian has it')
      const debs = join(into, 'debs')
      mkdirSync(debs)
      await apt.download(['qemu-user-static'], debs)
      const [deb = ''] = readdirSync(debs)
      const taken = 'dpkg-deb --fsys-tarfile "$1" | tar -x -C "$2" --strip-components=3 "$3"'
      await execa('sh', ['-ec', taken, 'sh', join(debs, deb), into, `./usr/bin/${PROGRAM}`])
      rmSync(debs, { recursive: true })
    } catch (error) {
      throw error instanceof VmError ? missing(error.message) : error
    } finally {
      apt.remove()
    }
  })
  return join(folder, PROGRAM)
}

function missing(reason: string): VmError {
  return new VmError(`no ${PROGRAM} here, and it cannot be had: ${reason}; apt-get install qemu-user-static`)
}
