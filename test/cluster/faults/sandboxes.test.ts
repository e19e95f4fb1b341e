import { expect, test } from 'vitest'
import { addressOf, type PodName } from '../../kernel/kernel-lab.ts'
import { probe } from '../../kernel/passing.ts'
import { createApiClient } from '../api-client.ts'
import { createApiObjects } from '../api-objects.ts'
import { until } from '../until.ts'
import { describeFaults } from './fault-cluster.ts'
import { createRuntime, pendingPod } from './runtime.ts'

const runtime = createRuntime()
const ONCE = { attempts: 1, settleMilliseconds: 250 } as const
const SOME_ROUNDS = 8

const to =
  (place: PodName) =>
  (from: PodName, port = 80) =>
    probe('IPv4', from, place, { protocol: 'TCP', port })

describeFaults(
  'sandboxes that come while not all of the API is heard',
  (cluster) => {
    async function withObjects<Result>(work: (objects: ReturnType<typeof createApiObjects>) => Promise<Result>) {
      const client = createApiClient(cluster().api.adminKubeconfig)
      try {
        return await work(createApiObjects(client))
      } finally {
        await client.close()
      }
    }
    const uidOf = (name: string) =>
      withObjects(async (objects) => {
        const { pods } = await objects.snapshot()
        return pods.find(({ metadata }) => metadata.name === name)?.metadata.uid ?? ''
      })
    const passes = async (one: ReturnType<typeof probe>) => (await cluster().lab.probe([one], ONCE))[0] === true
    const heldAt = async (place: PodName) => {
      const { held } = await cluster().agent().status()
      return held.find(({ address }) => address === addressOf(place, 'IPv4'))
    }
    const connected = async (isWanted: boolean) =>
      until(`streams are ${isWanted ? '' : 'not '}connected`, async () => {
        const { streams } = await cluster().agent().status()
        return streams.every((stream) => stream.connected === isWanted)
      })

    test('with the API away a known pod is enforced at its new address at once, an unknown one is held and named', async () => {
      const { lab, closePort, openPort, proxy } = cluster()
      await withObjects((objects) => objects.remove({ kind: 'Pod', namespace: 'shop', name: 'idle' }))
      const uid = await uidOf('db')
      runtime.give('db', 'db-1', 'db', uid)
      expect(await passes(to('db')('web'))).toBe(true)
      await until('nobody has the address of idle', async () => !(await passes(to('idle')('web'))))
      await closePort()
      proxy.cut()
      await connected(false)

      runtime.take('db-1')
      runtime.give('idle', 'db-2', 'db', uid)
      await until('web reaches db at its new address', () => passes(to('idle')('web')))
      const others = [to('idle')('far'), to('idle')('web', 81), to('db')('web'), to('db')('far')]
      expect(await lab.probe(others)).toEqual(others.map(() => false))

      runtime.give('db', 'nobody-1', 'nobody', 'uid-nobody')
      const first = await until('somebody is held', () => heldAt('db'))
      expect(first).toMatchObject({ pod: 'shop/nobody', why: 'no such pod heard of' })
      for (let round = 0; round < SOME_ROUNDS; round += 1) expect(await passes(to('db')('far'))).toBe(false)
      expect((await until('it waits', () => heldAt('db'))).seconds).toBeGreaterThan(first.seconds)

      await openPort()
      await connected(true)
      runtime.take('nobody-1')
      runtime.take('db-2')
      runtime.give('db', 'db-3', 'db', uid)
      await until('web reaches db where its status says', () => passes(to('db')('web')))
    })

    test('a pod that its watch does not tell is asked for by its name', async () => {
      const { proxy } = cluster()
      await until('pods are watched', () => proxy.watches('pods').length === 1)
      for (const watch of proxy.watches('pods')) watch.silence()
      await withObjects((objects) => objects.create(pendingPod('fresh')))
      const before = proxy.requests.length
      runtime.give('idle', 'fresh-1', 'fresh', await uidOf('fresh'))
      await until('far reaches it', () => passes(to('idle')('far')))
      const asked = proxy.requests.slice(before).map(({ verb, plural }) => `${verb} ${plural}`)
      expect(asked.filter((one) => one === 'get pods')).toEqual(['get pods'])
      expect(asked).not.toContain('watch pods')
    })

    test('an address that another pod has got while no agent ran is closed before the API answers', async () => {
      const { agent, startAgent, closePort, openPort } = cluster()
      await until('far reaches the one before', () => passes(to('idle')('far')))
      expect(await agent().kill('SIGKILL')).toBe(137)
      await closePort()
      runtime.take('fresh-1')
      runtime.give('idle', 'another-1', 'another', 'uid-another')
      expect(await passes(to('idle')('far'))).toBe(true)
      const next = await startAgent()
      await until('far reaches it no more', async () => !(await passes(to('idle')('far'))))
      expect((await next.status()).ready).toBe(false)
      expect(await passes(to('db')('web'))).toBe(true)
      await openPort()
      await next.ready()
      expect(await passes(to('idle')('far'))).toBe(false)
      await withObjects((objects) => objects.create(pendingPod('another')))
      runtime.give('idle', 'another-2', 'another', await uidOf('another'))
      await until('far reaches the other', () => passes(to('idle')('far')))
    })
  },
  // A watch that says nothing is not noticed while these tests run.
  { firstBackoff: 200, longestBackoff: 1_000 },
  runtime.flags,
)
