import { appendFileSync, mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { watchFolder } from '../../../src/sources/cni/watch-folder.ts'
import { type FilesClock, SYSTEM_CLOCK } from '../../../src/sources/files/files-clock.ts'
import { expectSoon } from '../files/expect-soon.ts'
import { type CniNode, cacheText, createCniNode } from './cni-node.ts'

const SUBNET = 'FLANNEL_SUBNET=10.244.1.1/24'
/** Longer than removals are gathered, and than a file in pieces is waited for. */
const QUIET = 400

/** On which the full looks, that find everything in the end, never come. */
const WITHOUT_FULL_LOOKS: FilesClock = {
  ...SYSTEM_CLOCK,
  after: (milliseconds, run) => (milliseconds < 1000 ? SYSTEM_CLOCK.after(milliseconds, run) : () => {}),
}

const addressesOf = (node: CniNode) =>
  Object.fromEntries([...node.known.values()].map(({ name, addresses }) => [name, addresses.join()]))

function startedNode(): CniNode {
  const node = createCniNode()
  node.setSubnets(SUBNET)
  node.start()
  return node
}

describe('what stands at the start', () => {
  test('is told before start returns, the hold first', () => {
    const node = createCniNode()
    node.setSubnets(SUBNET, 'FLANNEL_IPV6_SUBNET=fd00:10:244:1::1/64')
    node.add({ id: 'a', addresses: ['10.244.1.5', 'fd00:10:244:1::5'] })
    node.start()
    expect(node.held()).toBe('10.244.1.0/24,fd00:10:244:1::/64')
    expect(addressesOf(node)).toEqual({
      'pod-a': '10.244.1.5,fd00:10:244:1::5',
    })
    expect(node.batches.map((batch) => batch.map(({ type }) => type))).toEqual([['hold', 'put']])
  })

  test('of two that claim one address, and of two of one pod, the newer counts', () => {
    const node = createCniNode()
    node.setSubnets(SUBNET)
    const old = node.add({ id: 'z', addresses: ['10.244.1.5'] })
    const oldOfPod = node.add({
      id: 'y',
      uid: 'one',
      addresses: ['10.244.1.6'],
    })
    for (const name of [old, oldOfPod]) utimesSync(join(node.cacheFolder, name), 1_500_000_000, 1_500_000_000)
    node.add({ id: 'a', addresses: ['10.244.1.5'] })
    node.add({ id: 'b', uid: 'one', addresses: ['10.244.1.7'] })
    node.start()
    expect(addressesOf(node)).toEqual({
      'pod-a': '10.244.1.5',
      'pod-b': '10.244.1.7',
    })
  })
})

describe('a sandbox that comes', () => {
  test('is told as soon as its file is whole', async () => {
    const node = startedNode()
    const name = node.add({ id: 'a', addresses: ['10.244.1.5'] })
    await expectSoon(() => node.known.has(name))
    expect(node.known.get(name)).toMatchObject({
      id: 'a',
      uid: 'uid-a',
      namespace: 'shop',
      name: 'pod-a',
    })
  })

  test('also when it is written in pieces, and once', async () => {
    const node = startedNode()
    const name = node.add({ id: 'a', addresses: ['10.244.1.5'] }, 7)
    await expectSoon(() => node.known.has(name))
    await sleep(QUIET)
    expect(node.batches.flat().filter(({ type }) => type === 'put')).toHaveLength(1)
  })

  test('also when the watch tells of its beginning only', async () => {
    const node = createCniNode()
    node.setSubnets(SUBNET)
    const told = new Set<string | undefined>()
    node.start({
      watch: (path, changed, failed) =>
        watchFolder(
          path,
          (name) => {
            if (!told.has(name)) changed(name)
            told.add(name)
          },
          failed,
        ),
      clock: WITHOUT_FULL_LOOKS,
    })
    const text = cacheText({ id: 'a', addresses: ['10.244.1.5'] })
    node.setNamespace('a', true)
    writeFileSync(join(node.cacheFolder, 'cbr0-a-eth0'), text.slice(0, 100))
    await expectSoon(() => told.size > 0)
    appendFileSync(join(node.cacheFolder, 'cbr0-a-eth0'), text.slice(100))
    await expectSoon(() => node.known.size === 1)
  })

  test('also when the rest of its file comes after it has been given up', async () => {
    const node = startedNode()
    const text = cacheText({ id: 'a', addresses: ['10.244.1.5'] })
    node.setNamespace('a', true)
    writeFileSync(join(node.cacheFolder, 'cbr0-a-eth0'), text.slice(0, 100))
    await sleep(QUIET)
    expect(node.known.size).toBe(0)
    writeFileSync(join(node.cacheFolder, 'cbr0-a-eth0'), text)
    await expectSoon(() => node.known.size === 1)
  })

  test('keeps what its file said while it is written anew', async () => {
    const node = startedNode()
    const name = node.add({ id: 'a', addresses: ['10.244.1.5'] })
    await expectSoon(() => node.known.has(name))
    writeFileSync(join(node.cacheFolder, name), '')
    await sleep(QUIET)
    expect(node.known.has(name)).toBe(true)
  })

  test('ends with its file', async () => {
    const node = startedNode()
    const name = node.add({ id: 'a', addresses: ['10.244.1.5'] })
    node.add({ id: 'b', addresses: ['10.244.1.6'] })
    await expectSoon(() => node.known.size === 2)
    node.remove(name)
    await expectSoon(() => node.known.size === 1)
    expect(addressesOf(node)).toEqual({ 'pod-b': '10.244.1.6' })
    expect(node.losses).toEqual([])
  })

  test('takes an address from one whose file is left, for good', async () => {
    const node = startedNode()
    const old = node.add({ id: 'a', addresses: ['10.244.1.5'] })
    await expectSoon(() => node.known.has(old))
    const now = node.add({ id: 'b', addresses: ['10.244.1.5'] })
    await expectSoon(() => node.known.has(now))
    expect([...node.known.keys()]).toEqual([now])
    // Closed, then opened, in one batch: the engine sees which came after which.
    expect(node.batches.at(-1)?.map(({ type }) => type)).toEqual(['remove', 'put'])
    node.remove(now)
    await expectSoon(() => node.known.size === 0)
    // Nor when all that is known is looked at again, for other subnets.
    node.setSubnets(SUBNET, 'FLANNEL_IPV6_SUBNET=fd00:10:244:1::1/64')
    await expectSoon(() => node.held().includes('fd00'))
    expect(node.known.size).toBe(0)
  })

  test('thirty at once', async () => {
    const node = startedNode()
    for (let index = 0; index < 30; index += 1) node.add({ id: `s${index}`, addresses: [`10.244.1.${10 + index}`] }, 2)
    await expectSoon(() => node.known.size === 30)
    expect(new Set([...node.known.values()].map(({ order }) => order)).size).toBe(30)
  })
})

describe('what is not told', () => {
  test.each([
    ['another interface of a pod', { id: 'a', ifName: 'net1', addresses: ['10.244.1.5'] }],
    ['an address outside the subnet', { id: 'a', addresses: ['10.244.2.5'] }],
    ['of a family that Flannel does not have here', { id: 'a', addresses: ['fd00::5'] }],
    ['a sandbox whose network namespace is gone', { id: 'a', addresses: ['10.244.1.5'], netns: '/run/netns/cni-a' }],
    [
      'annotations beyond the bound',
      {
        id: 'a',
        addresses: ['10.244.1.5'],
        annotations: { a: 'x'.repeat(4 * 1024 * 1024) },
      },
    ],
  ])('%s', async (_name, file) => {
    const node = createCniNode()
    node.setSubnets(SUBNET)
    node.add(file)
    node.start()
    node.add({ ...file, id: 'b' }, 3)
    node.add({ id: 'witness', addresses: ['10.244.1.9'] })
    await expectSoon(() => node.known.size > 0)
    await sleep(QUIET)
    expect(addressesOf(node)).toEqual({ 'pod-witness': '10.244.1.9' })
  })

  test('links, pipes and folders among the files', async () => {
    const node = startedNode()
    const elsewhere = join(node.folder, 'elsewhere')
    node.setNamespace('a', true)
    writeFileSync(elsewhere, cacheText({ id: 'a', addresses: ['10.244.1.5'] }))
    symlinkSync(elsewhere, join(node.cacheFolder, 'cbr0-a-eth0'))
    mkdirSync(join(node.cacheFolder, 'cbr0-b-eth0'))
    node.add({ id: 'c', addresses: ['10.244.1.7'] })
    await expectSoon(() => node.known.size > 0)
    expect(addressesOf(node)).toEqual({ 'pod-c': '10.244.1.7' })
  })

  test('as much of annotations as the API takes is no hindrance', async () => {
    const node = startedNode()
    // Quotes are written six times as long where they stand for themselves in JSON within JSON.
    node.add(
      {
        id: 'a',
        addresses: ['10.244.1.5'],
        annotations: { a: '\u0001'.repeat(256 * 1024) },
      },
      5,
    )
    await expectSoon(() => node.known.size === 1)
  })
})

describe('which sandboxes live', () => {
  test('without netns: whose address host-local has noted', () => {
    const node = createCniNode()
    node.setSubnets(SUBNET)
    node.add({ id: 'a', addresses: ['10.244.1.5'], netns: undefined })
    node.allocate('10.244.1.5', 'a')
    node.add({ id: 'b', addresses: ['10.244.1.6'], netns: undefined })
    node.allocate('10.244.1.6', 'another')
    node.start()
    expect(addressesOf(node)).toEqual({ 'pod-a': '10.244.1.5' })
  })

  test('where nothing can be seen: those written since the boot', () => {
    const node = createCniNode()
    node.setSubnets(SUBNET)
    node.add({ id: 'a', addresses: ['10.244.1.5'], netns: undefined })
    const old = node.add({
      id: 'b',
      addresses: ['10.244.1.6'],
      netns: '/elsewhere/b',
    })
    utimesSync(join(node.cacheFolder, old), 999_999_999, 999_999_999)
    node.start()
    expect(addressesOf(node)).toEqual({ 'pod-a': '10.244.1.5' })
  })

  test('a clock before the boot is no reason while the namespace stands', () => {
    const node = createCniNode()
    node.setSubnets(SUBNET)
    const name = node.add({ id: 'a', addresses: ['10.244.1.5'] })
    utimesSync(join(node.cacheFolder, name), 0, 0)
    node.start()
    expect(node.known.size).toBe(1)
  })
})

describe('the subnets', () => {
  test('of another node than before: the hold and the sandboxes change together', async () => {
    const node = startedNode()
    node.add({ id: 'a', addresses: ['10.244.1.5'] })
    node.add({ id: 'b', addresses: ['10.244.7.5'] })
    await expectSoon(() => node.known.size === 1)
    node.setSubnets('FLANNEL_SUBNET=10.244.7.1/24')
    await expectSoon(() => node.held() === '10.244.7.0/24')
    // The first one lives on, and what isolates it stays with its address.
    expect(addressesOf(node)).toEqual({ 'pod-a': '10.244.1.5', 'pod-b': '10.244.7.5' })
    expect(node.batches.at(-1)?.map(({ type }) => type)).toEqual(['hold', 'put'])
    // What comes now has to be inside.
    node.add({ id: 'c', addresses: ['10.244.1.6'] })
    node.remove('cbr0-a-eth0')
    await expectSoon(() => !('pod-a' in addressesOf(node)))
    expect(addressesOf(node)).toEqual({ 'pod-b': '10.244.7.5' })
  })

  test('stay when the file is away', async () => {
    const node = startedNode()
    rmSync(join(node.folder, 'flannel', 'subnet.env'))
    await sleep(QUIET)
    expect(node.held()).toBe('10.244.1.0/24')
  })

  test('come from the bridge where Flannel has no file', () => {
    const node = createCniNode()
    node.start({ bridgePrefixes: () => ['10.244.3.1/24', 'fd00:3::1/64'] })
    expect(node.held()).toBe('10.244.3.0/24,fd00:3::/64')
  })

  test('appear after the start', async () => {
    const node = createCniNode()
    node.add({ id: 'a', addresses: ['10.244.1.5'] })
    node.start()
    expect([node.held(), node.known.size]).toEqual(['off', 0])
    node.setSubnets(SUBNET)
    await expectSoon(() => node.held() === '10.244.1.0/24')
    expect(node.known.size).toBe(1)
  })

  test('that were told leave Flannel alone', () => {
    const node = createCniNode()
    node.setSubnets(SUBNET)
    node.start({
      blocks: [{ family: 'IPv4', first: 0x0a00_0000n, prefix: 8 }],
    })
    expect(node.held()).toBe('10.0.0.0/8')
  })

  test.each(['FLANNEL_SUBNET=0.0.0.0/0', 'FLANNEL_SUBNET=10.244.1.1', 'FLANNEL_SUBNET=', 'FLANNEL_IPV6_SUBNET=::/0'])(
    'that can be no node’s hold nothing: %s',
    (line) => {
      const node = createCniNode()
      node.setSubnets(line)
      node.start()
      expect(node.held()).toBe('off')
    },
  )
})

describe('the folder', () => {
  test('that is not there yet is an empty one, and is seen when it comes', async () => {
    const node = createCniNode()
    node.setSubnets(SUBNET)
    rmSync(node.cacheFolder, { recursive: true })
    node.start()
    expect(node.held()).toBe('10.244.1.0/24')
    mkdirSync(node.cacheFolder)
    node.add({ id: 'a', addresses: ['10.244.1.5'] })
    await expectSoon(() => node.known.size === 1)
  })

  test('that cannot be reached: no hold under auto, and one when it is on', () => {
    for (const [mode, held] of [
      ['auto', 'off'],
      ['on', '10.244.1.0/24'],
    ] as const) {
      const node = createCniNode()
      node.setSubnets(SUBNET)
      rmSync(join(node.folder, 'cni'), { recursive: true })
      node.start({ mode })
      expect(node.held()).toBe(held)
      expect(node.states.at(-1)?.cache).toMatchObject({
        kind: 'unreadable',
        isDenied: false,
      })
    }
  })

  test('that is removed is lost, and nothing leaves', async () => {
    const node = startedNode()
    node.add({ id: 'a', addresses: ['10.244.1.5'] })
    await expectSoon(() => node.known.size === 1)
    rmSync(node.cacheFolder, { recursive: true })
    await expectSoon(() => node.losses.length === 1)
    await sleep(QUIET)
    expect([node.known.size, node.losses.length]).toEqual([1, 1])
  })

  test('that is swept while pods run is lost, and nothing leaves', async () => {
    const node = createCniNode()
    node.setSubnets(SUBNET)
    node.start({ isRunning: () => true })
    const names = ['a', 'b'].map((id, index) => node.add({ id, addresses: [`10.244.1.${index + 5}`] }))
    await expectSoon(() => node.known.size === 2)
    for (const name of names) node.remove(name)
    await expectSoon(() => node.losses.length === 1)
    expect(node.known.size).toBe(2)
  })

  test('that is swept slowly is lost as well, and nothing leaves before that is clear', async () => {
    const node = createCniNode()
    node.setSubnets(SUBNET)
    node.start({ isRunning: () => true })
    const names = ['a', 'b', 'c', 'd'].map((id, index) => node.add({ id, addresses: [`10.244.1.${index + 5}`] }))
    await expectSoon(() => node.known.size === 4)
    for (const name of names) {
      node.remove(name)
      await sleep(60)
    }
    await expectSoon(() => node.losses.length === 1)
    expect(node.known.size).toBe(4)
  })

  test('from which two go while others stay has lost these two', async () => {
    const node = createCniNode()
    node.setSubnets(SUBNET)
    node.start({ isRunning: () => true })
    const names = ['a', 'b', 'c'].map((id, index) => node.add({ id, addresses: [`10.244.1.${index + 5}`] }))
    await expectSoon(() => node.known.size === 3)
    for (const name of names.slice(0, 2)) node.remove(name)
    await expectSoon(() => node.known.size === 1)
    expect(node.losses).toEqual([])
  })

  test('whose pods have all ended is empty', async () => {
    const node = startedNode()
    const names = ['a', 'b'].map((id, index) => node.add({ id, addresses: [`10.244.1.${index + 5}`] }))
    await expectSoon(() => node.known.size === 2)
    for (const name of names) node.remove(name)
    await expectSoon(() => node.known.size === 0)
    expect(node.losses).toEqual([])
  })

  test('that another has taken the place of is lost', async () => {
    const node = startedNode()
    node.add({ id: 'a', addresses: ['10.244.1.5'] })
    await expectSoon(() => node.known.size === 1)
    renameSync(node.cacheFolder, `${node.cacheFolder}.old`)
    await expectSoon(() => node.losses.length === 1)
    expect(node.known.size).toBe(1)
  })

  test('without a watch is looked at all the time, and that is told', async () => {
    const node = createCniNode()
    node.setSubnets(SUBNET)
    node.start({
      watch: () => {
        throw Object.assign(new Error('no space left on device'), {
          code: 'ENOSPC',
          syscall: 'watch',
        })
      },
      clock: WITHOUT_FULL_LOOKS,
    })
    expect(node.states.at(-1)?.cache).toEqual({
      kind: 'readable',
      isWatched: false,
    })
    const name = node.add({ id: 'a', addresses: ['10.244.1.5'] }, 2)
    await expectSoon(() => node.known.size === 1)
    node.remove(name)
    await expectSoon(() => node.known.size === 0)
  })
})
