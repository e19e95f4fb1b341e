import { globSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { cached } from './cache.ts'
import { debianPackages } from './debian-packages.ts'
import type { KernelLine } from './kernels.ts'
import { VmError } from './vm-error.ts'

export interface Kernel {
  /** As `uname -r` says it. */
  readonly release: string
  /** The compressed kernel. */
  readonly image: string
  /** What belongs at /lib/modules: a folder named like the release, with modules.dep. */
  readonly modules: string
}

/** Debian's kernel of that line, unmodified: from the cache, else its newest version by apt. Some 100 MB to fetch. */
export async function fetchKernel({ name, suites }: KernelLine): Promise<Kernel> {
  const folder = await cached(`kernel-${name}`, async (into) => {
    const apt = await debianPackages(suites)
    try {
      const [image] = (await apt.dependencies('linux-image-amd64')).filter((one) => /^linux-image-\d/.test(one))
      if (image === undefined) throw new VmError(`no kernel in ${suites.join(', ')}`)
      // Newer packages are split: kernel, modules, and what depmod has to know of both; older ones hold everything.
      const release = image.replace('linux-image-', '')
      const parts = ['linux-base', 'linux-binary', 'linux-modules'].map((part) => `${part}-${release}`)
      const needed = new Set(await closure(parts, image, apt.dependencies))
      const debs = join(into, 'debs')
      mkdirSync(debs)
      await apt.download([image, ...parts.filter((part) => needed.has(part))], debs)
      const root = join(into, 'root')
      for (const deb of readdirSync(debs)) await execa('dpkg-deb', ['--extract', join(debs, deb), root])
      keepWhatIsRun(into, root)
      rmSync(debs, { recursive: true })
      await execa('depmod', ['--basedir', into, release])
    } finally {
      apt.remove()
    }
  })
  const [release] = readdirSync(join(folder, 'lib', 'modules'))
  if (release === undefined) throw new VmError(`${folder} holds no modules; remove it and try again`)
  return { release, image: join(folder, 'vmlinuz'), modules: join(folder, 'lib', 'modules') }
}

async function closure(
  parts: readonly string[],
  image: string,
  dependencies: (name: string) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const direct = await dependencies(image)
  const deeper = await Promise.all(direct.filter((one) => parts.includes(one)).map(dependencies))
  return [...direct, ...deeper.flat()]
}

function keepWhatIsRun(into: string, root: string): void {
  const [image] = globSync(['boot/vmlinuz-*', 'usr/lib/modules/*/vmlinuz', 'lib/modules/*/vmlinuz'], { cwd: root })
  const [modules] = globSync(['lib/modules', 'usr/lib/modules'], { cwd: root })
  if (image === undefined || modules === undefined) throw new VmError('the packages of the kernel hold no kernel')
  renameSync(join(root, image), join(into, 'vmlinuz'))
  mkdirSync(join(into, 'lib'))
  renameSync(join(root, modules), join(into, 'lib', 'modules'))
  rmSync(root, { recursive: true })
  // Nothing of a desk: the rest is a third of the size.
  for (const place of ['drivers/gpu', 'drivers/media', 'drivers/net/wireless', 'sound']) {
    for (const one of globSync(`lib/modules/*/kernel/${place}`, { cwd: into }))
      rmSync(join(into, one), { recursive: true })
  }
}
