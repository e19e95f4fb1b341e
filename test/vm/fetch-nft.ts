import { copyFileSync, globSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { cached } from './cache.ts'
import { debianPackages } from './debian-packages.ts'
import { NFTS } from './kernels.ts'
import { VmError } from './vm-error.ts'

/** nft and all that it loads, libc included: another suite's nft wants another suite's libc. */
const PACKAGES =
  `nftables libnftables1 libnftnl11 libmnl0 libxtables12 libjansson4 libgmp10 libedit2 libreadline8 libreadline8t64
  libbsd0 libmd0 libtinfo6 libc6`.split(/\s+/)

/** A shell script that runs that nft, from the cache, else by apt. Its process is called nft, as everywhere. */
export async function fetchNft(version: string): Promise<string> {
  const suite = NFTS[version]
  if (suite === undefined) throw new VmError(`no nft ${version}; give one of ${Object.keys(NFTS).join(', ')}`)
  const folder = await cached(`nft-${version}`, async (into) => {
    const apt = await debianPackages([suite])
    try {
      const there: string[] = []
      for (const name of PACKAGES) if ((await apt.newest(name)) !== undefined) there.push(name)
      const debs = join(into, 'debs')
      mkdirSync(debs)
      await apt.download(there, debs)
      for (const deb of readdirSync(debs)) await execa('dpkg-deb', ['--extract', join(debs, deb), join(into, 'root')])
      rmSync(debs, { recursive: true })
    } finally {
      apt.remove()
    }
    const [loader] = globSync(
      [
        'lib/x86_64-linux-gnu/ld-linux-x86-64.so.2',
        'usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2',
        'lib/x86_64-linux-gnu/ld-[0-9]*.so',
      ],
      { cwd: join(into, 'root') },
    )
    if (loader === undefined) throw new VmError(`the packages of nft ${version} hold no loader`)
    // The kernel calls a process by the file that it starts, and here that is the loader.
    mkdirSync(join(into, 'loader'))
    copyFileSync(join(into, 'root', loader), join(into, 'loader', 'nft'))
  })
  const libraries = ['lib', 'usr/lib'].map((place) => join(folder, 'root', place, 'x86_64-linux-gnu')).join(':')
  const program = join(folder, 'root', 'usr', 'sbin', 'nft')
  return `#!/bin/sh\nexec '${join(folder, 'loader', 'nft')}' --library-path '${libraries}' '${program}' "$@"\n`
}
