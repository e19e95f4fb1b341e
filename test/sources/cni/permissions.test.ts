import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createCniNode } from './cni-node.ts'

const NOBODY = 65534

/** Root may read everything, as it may not under SELinux; so for the length of a test we are somebody else. */
function dropRoot(): void {
  if (process.geteuid?.() !== 0) return
  process.seteuid?.(NOBODY)
  onTestFinished(() => process.seteuid?.(0))
}

test.each([
  ['the folder', (folder: string) => chmodSync(folder, 0)],
  ['every file in it', (folder: string) => chmodSync(folder, 0o755)],
])('%s is not for us to read: no hold under auto, and the reason is told', (_name, refuse) => {
  const node = createCniNode()
  for (const folder of [node.folder, join(node.folder, 'cni'), join(node.folder, 'flannel')]) chmodSync(folder, 0o755)
  node.setSubnets('FLANNEL_SUBNET=10.244.1.1/24')
  node.add({ id: 'a', addresses: ['10.244.1.5'] })
  refuse(node.cacheFolder)
  dropRoot()
  node.start()
  expect(node.held()).toBe('off')
  expect(node.known.size).toBe(0)
  expect(node.states.at(-1)?.cache).toMatchObject({ kind: 'unreadable', isDenied: true })
})
