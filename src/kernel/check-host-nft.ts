import { readFile, stat } from 'node:fs/promises'
import type { Finding } from './finding.ts'
import { faultOf } from './known-faults.ts'
import type { NftVersion } from './nft-version.ts'

export interface HostNftOptions {
  /** Where the node's files may be seen: a mount of its root, or that of its first process (hostPID). */
  readonly hostFolders?: readonly string[]
  readonly kernelRelease: string
}

const HOST_FOLDERS = ['/host', '/proc/1/root']
const PLACES = ['usr/sbin/nft', 'sbin/nft', 'usr/local/sbin/nft', 'usr/bin/nft']

/**
 * What is known against the node's own nft. An agent in a container sees it only through a mount of the node's root or the
 * root of process 1; where it sees none, nothing is said. The program is not run: its version stands in it as text. Where
 * our root is the node's, our own nft is the node's, and `checkNft` looks at it.
 */
export async function checkHostNft(options: HostNftOptions): Promise<readonly Finding[]> {
  const { hostFolders = HOST_FOLDERS, kernelRelease } = options
  for (const folder of hostFolders) {
    if (await isOurRoot(folder)) continue
    const version = await versionIn(folder)
    if (version === undefined) continue
    const fault = faultOf({ whose: 'host', nft: version, kernel: kernelRelease, seen: 'version' })
    return fault === undefined ? [] : [fault]
  }
  return []
}

/** In a container of its own pid namespace the first process is ours, and its root is our own. */
async function isOurRoot(folder: string): Promise<boolean> {
  const [theirs, ours] = await Promise.all([stat(folder).catch(() => undefined), stat('/')])
  return theirs?.dev === ours.dev && theirs.ino === ours.ino
}

async function versionIn(folder: string): Promise<NftVersion | undefined> {
  for (const place of PLACES) {
    const program = await readFile(`${folder}/${place}`, 'latin1').catch(() => undefined)
    // A string of C by itself; nothing else in it looks like a version of nftables.
    const found = program === undefined ? null : /\0(\d\.\d{1,2}(?:\.\d{1,2}){0,2})\0/.exec(program)
    if (found?.[1] !== undefined) return found[1].split('.').map(Number)
  }
  return undefined
}
