import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { followSandboxes } from '../../src/agent/follow-sandboxes.ts'
import { type HoldOptions, NO_HOLD } from '../../src/agent/hold-options.ts'
import type { Finding } from '../../src/kernel/finding.ts'
import { createCniSource } from '../../src/sources/cni/create-cni-source.ts'
import { type CniNode, createCniNode } from '../sources/cni/cni-node.ts'
import { expectSoon } from '../sources/files/expect-soon.ts'

interface Told {
  readonly findings: string[][]
  readonly types: string[]
  readonly losses: string[]
}

/** An agent's view of a node with one sandbox, real files and all. */
function follow(node: CniNode, hold: Partial<HoldOptions>, established: 'rejudge' | 'keep' = 'rejudge'): Told {
  const told: Told = { findings: [], types: [], losses: [] }
  const places = {
    subnetFile: join(node.folder, 'flannel', 'subnet.env'),
    netns: join(node.folder, 'netns'),
    networks: join(node.folder, 'cni', 'networks'),
    proc: join(node.folder, 'proc'),
  }
  const idsOf = (findings: readonly Finding[]) => findings.map(({ id }) => id)
  followSandboxes({
    hold: { ...NO_HOLD, cacheFolder: node.cacheFolder, ...hold },
    established,
    changes: (changes) => told.types.push(...changes.map(({ type }) => type)),
    findings: (findings) => told.findings.push(idsOf(findings)),
    lost: (reason) => told.losses.push(reason),
    isRunning: () => true,
    createSource: (options) => createCniSource({ ...options, places, bridgePrefixes: () => [] }),
  })
  return told
}

function nodeOf({
  subnet = true,
  cache = true,
}: {
  readonly subnet?: boolean
  readonly cache?: boolean
} = {}): CniNode {
  const node = createCniNode()
  if (subnet) node.setSubnets('FLANNEL_SUBNET=10.244.1.1/24')
  node.add({ id: 'a', addresses: ['10.244.1.5'] })
  if (!cache) rmSync(join(node.folder, 'cni'), { recursive: true })
  return node
}

describe('what an agent is told of sandboxes, and what it says that stands in the way', () => {
  test.each<readonly [string, Partial<HoldOptions>, CniNodeParts, readonly string[], readonly string[]]>([
    ['auto, all there', { mode: 'auto' }, {}, ['hold', 'put'], []],
    ['auto without a subnet', { mode: 'auto' }, { subnet: false }, ['hold'], ['hold-off']],
    ['auto without a cache', { mode: 'auto' }, { cache: false }, ['hold'], ['hold-off', 'cni-cache-unreadable']],
    ['on without a cache', { mode: 'on' }, { cache: false }, ['hold'], ['cni-cache-unreadable']],
    ['on without a subnet', { mode: 'on' }, { subnet: false }, ['hold'], ['hold-off']],
    ['off', { mode: 'off' }, {}, [], []],
    ['nobody said, and it could', { mode: 'off', isTold: false }, {}, [], ['hold-available']],
    ['nobody said, and it could not', { mode: 'off', isTold: false }, { cache: false }, [], []],
  ])('%s', (_name, hold, parts, types, findings) => {
    const told = follow(nodeOf(parts), hold)
    expect(told.types).toEqual(types)
    expect(told.findings).toEqual([findings])
  })

  test('where live flows are kept nothing is held', () => {
    const told = follow(nodeOf(), { mode: 'auto' }, 'keep')
    expect(told).toMatchObject({ types: [], findings: [['hold-off']] })
  })

  test('a cache that is lost is told, and why, and no sandbox leaves', async () => {
    const node = nodeOf()
    const told = follow(node, { mode: 'auto' })
    rmSync(node.cacheFolder, { recursive: true })
    await expectSoon(() => told.losses.length > 0)
    expect(told.losses[0]).toContain(node.cacheFolder)
    expect(told.findings.at(-1)).toEqual(['cni-cache-lost'])
    expect(told.types).toEqual(['hold', 'put'])
  })
})

type CniNodeParts = NonNullable<Parameters<typeof nodeOf>[0]>
