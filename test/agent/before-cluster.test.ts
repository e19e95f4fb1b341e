import { expect, test } from 'vitest'
import { createBeforeCluster } from '../../src/agent/before-cluster.ts'
import { putSandbox } from '../laws/hold-changes.ts'
import type { SandboxChange } from '../../compiler/objects/sandbox.ts'

const given = (name: string) =>
  putSandbox({ key: name, uid: name, namespace: 'shop', name, addresses: ['10.244.1.10'], order: 1 }) as SandboxChange

/** With a kernel that says no so many times; what it was asked for, in order. */
function beforeCluster(refusals: number, holdsAtBoot = false) {
  const asked: string[] = []
  let left = refusals
  const answer = (what: string) => {
    asked.push(what)
    left -= 1
    return Promise.resolve(left < 0)
  }
  const before = createBeforeCluster({
    reconciler: {
      holdBefore: () => answer('hold'),
      closeReused: (sandboxes) => answer(`close ${sandboxes.map(({ name }) => name).join()}`),
      stayAlive: async () => void asked.push('alive'),
    },
    holdsAtBoot,
    failed: (error) => {
      throw error
    },
    backOff: () => 1,
  })
  return { before, asked }
}

test('one thing after the other, each again until the kernel will', async () => {
  const { before, asked } = beforeCluster(2, true)
  before.take([{ type: 'hold', subnets: { kind: 'on', blocks: [], excepts: [] } }, given('web')])
  before.stayAlive()
  await expect.poll(() => asked).toEqual(['hold', 'hold', 'hold', 'close web', 'alive'])
  await before.over()
})

test('once the cluster is known nothing is tried again, and nothing more begins', async () => {
  const { before, asked } = beforeCluster(Number.POSITIVE_INFINITY)
  before.take([given('web')])
  await expect.poll(() => asked.length).toBeGreaterThan(1)
  await before.over()
  const count = asked.length
  before.take([given('db')])
  before.stayAlive()
  await before.over()
  expect(asked).toHaveLength(count)
})
