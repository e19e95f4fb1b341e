import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cacheText } from '../sources/cni/cni-node.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** What stands in for the runtime of node-1: the folder with the files that it would write. Gone after the test. */
export interface SandboxFiles {
  /** The flags of an agent that holds by it: a subnet of sixteen addresses, in which the lab's pods are, and one of IPv6. */
  readonly flags: readonly string[]
  /** CNI ADD: a sandbox of this id, of the pod `shop/NAME`, whose uid is of its name, has these addresses. */
  give(id: string, name: string, addresses: readonly string[]): void
  /** CNI DEL. */
  take(id: string): void
}

/** The uid of the pod `shop/NAME` in these tests. */
export const uidOf = (name: string): string => `uid-${name}`

export function makeSandboxFiles(): SandboxFiles {
  const folder = temporaryFolder()
  const pathOf = (id: string) => join(folder, `cbr0-${id}-eth0`)
  const subnets = ['10.244.1.0/28', 'fd44:0:0:1::/122']
  return {
    flags: ['--hold', 'on', '--hold-cidr', ...subnets, '--cni-cache', folder],
    give(id, name, addresses) {
      const text = cacheText({ id, name, uid: uidOf(name), addresses, netns: undefined })
      writeFileSync(pathOf(id), text, { mode: 0o600 })
    },
    take: (id) => rmSync(pathOf(id)),
  }
}
