import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { dropRoot } from '../../support/drop-root.ts'
import { createCniNode } from './cni-node.ts'

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
