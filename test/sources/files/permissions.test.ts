import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { dropRoot } from '../../support/drop-root.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { follow } from './follower.ts'
import { policy } from './manifests.ts'

test('what may no longer be read keeps its last good objects, and is read again once it may', async () => {
  const folder = temporaryFolder({ 'a.yaml': policy('a'), 'sub/b.yaml': policy('b') })
  chmodSync(folder, 0o755)
  const [file, sub] = [join(folder, 'a.yaml'), join(folder, 'sub')]
  const follower = follow([folder])
  const asRoot = (change: () => void) => {
    const user = process.geteuid?.()
    if (process.getuid?.() === 0) process.seteuid?.(0)
    change()
    if (user !== undefined) process.seteuid?.(user)
  }
  dropRoot()
  await follower.settle()
  expect(follower.names().length).toBe(2)

  asRoot(() => chmodSync(file, 0))
  asRoot(() => chmodSync(sub, 0))
  expect(await follower.settle()).toEqual([])
  expect(follower.lines()).toEqual([
    `${file}: cannot be read: permission denied; its last good state stays in force (one object)`,
    `${sub}: cannot be read: permission denied; what was read there before stays in force`,
  ])

  asRoot(() => chmodSync(file, 0o644))
  asRoot(() => chmodSync(sub, 0o755))
  expect(await follower.settle()).toEqual([])
  expect(follower.lines()).toEqual([])
})
