import { mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { namespace, pod } from '../oracle/make-objects.ts'
import type { RawPod } from '../oracle/raw-cluster.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startAgent } from './agent-on-node.ts'
import { addressesOf, describeFaults, type PodName } from './fault-lab.ts'
import { makeManifests } from './manifests.ts'
import { POLICIES } from './policies.ts'
import { makeSandboxFiles, uidOf } from './sandbox-files.ts'
import { startTraffic } from './traffic.ts'
import { waitFor } from './wait-for.ts'

/** The shortest that there is. */
const OPEN_AFTER = 10

const known = (name: PodName): RawPod =>
  pod(`shop/${name}`, addressesOf(name).join(' '), { labels: { app: name }, metadata: { uid: uidOf(name) } })
const listOf = (...names: readonly PodName[]) =>
  JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [namespace('shop', {}), ...names.map(known)] })

/** To a pod that nobody knows, one flow and new ones; and between two that are known. */
const FLOWS = {
  held: { from: 'shop/other', to: 'shop/idle', port: 5432, sourcePort: 1_700 },
  'held anew': { from: 'shop/other', to: 'shop/idle', port: 5432 },
  known: { from: 'shop/other', to: 'shop/web', port: 5432 },
} as const

describeFaults('new pods under the hold', (faults) => {
  /** A folder to watch in which nobody has written anything of idle. */
  function withoutIdle() {
    const manifests = makeManifests(POLICIES)
    manifests.write('cluster.json', listOf('db', 'web', 'other'))
    return manifests
  }

  test('without an agent they pass after a while, by the kernel’s clock; the next one judges again what passed', async () => {
    const { lab } = faults
    const { folder } = withoutIdle()
    const files = makeSandboxFiles()
    const flags = [...files.flags, '--hold-open-after', String(OPEN_AFTER)]
    const agent = startAgent(lab, { folder, flags })
    await agent.ready()
    const traffic = await startTraffic(lab, FLOWS)
    // It says again and again that it is there: for how long the kernel believes it goes up.
    let renewed = 0
    let before = Number.POSITIVE_INFINITY
    await waitFor('its sign of life is renewed', async () => {
      const listing = await lab.nft('node-1', ['list', 'set', 'inet', 'selvedge', 'agent'])
      const [, seconds = '0'] = /ipv4 expires (?:(\d+)s)?/.exec(listing) ?? []
      if (Number(seconds) > before) renewed += 1
      before = Number(seconds)
      return renewed >= 3
    })
    await traffic.until('held', 'lost')
    agent.signal('SIGKILL')
    await agent.ended()
    await traffic.until('held', 'passed')
    await traffic.until('held anew', 'passed')
    const next = startAgent(lab, { folder, flags })
    await next.ready()
    await traffic.until('held', 'lost')
    await traffic.until('held anew', 'lost')
    expect((await traffic.stop()).courses).toEqual({
      held: 'lost passed lost',
      'held anew': 'lost passed lost',
      known: 'passed',
    })
  })

  test('before its cluster is known a node without a table holds them all, where it is to, and none where it is not', async () => {
    const { lab } = faults
    const files = makeSandboxFiles()
    const { folder } = withoutIdle()
    const nowhere = join(temporaryFolder(), 'manifests')
    const waiting = startAgent(lab, { folder: nowhere, flags: files.flags })
    await waitFor('it has looked', async () => (await waiting.status())?.ready === false)
    const traffic = await startTraffic(lab, FLOWS)
    await traffic.until('known', 'passed')
    await traffic.until('held', 'passed')
    waiting.signal('SIGTERM')
    await waiting.ended()
    const agent = startAgent(lab, { folder: nowhere, flags: [...files.flags, '--hold-at-boot'] })
    await waitFor('a table stands', async () => (await lab.nft('node-1', ['list', 'tables'])).includes('inet selvedge'))
    await traffic.more(20)
    expect((await agent.status())?.ready).toBe(false)
    mkdirSync(join(nowhere, '..'), { recursive: true })
    renameSync(folder, nowhere)
    await agent.ready()
    await traffic.until('known', 'passed')
    await traffic.more(20)
    expect((await traffic.stop()).courses).toEqual({
      held: 'passed lost',
      'held anew': 'passed lost',
      known: 'passed lost passed',
    })
  })

  test('what the hold stops is counted, and for how long it held a pod', async () => {
    const { lab } = faults
    const manifests = withoutIdle()
    const files = makeSandboxFiles()
    const agent = startAgent(lab, { folder: manifests.folder, flags: files.flags })
    await agent.ready()
    const traffic = await startTraffic(lab, FLOWS)
    await traffic.until('held', 'lost')
    const first = await agent.metric('selvedge_held_packets_total')
    expect(first).toBeGreaterThan(0)
    await waitFor(
      'the counter goes on',
      async () => ((await agent.metric('selvedge_held_packets_total')) ?? 0) > (first ?? 0),
    )
    expect(await agent.metric('selvedge_held_addresses')).toBe(0)
    files.give('idle-1', 'idle', addressesOf('idle'))
    await waitFor('it is held by its name', async () => (await agent.metric('selvedge_held_addresses')) === 2)
    expect(await agent.metric('selvedge_hold_seconds_count')).toBe(0)
    manifests.write('cluster.json', listOf('db', 'web', 'other', 'idle'))
    await traffic.until('held', 'passed')
    await waitFor('it is counted', async () => (await agent.metric('selvedge_hold_seconds_count')) === 1)
    expect(await agent.metric('selvedge_hold_seconds_sum')).toBeGreaterThan(0)
    expect(await agent.metric('selvedge_held_addresses')).toBe(0)
    await traffic.stop()
  })
})
