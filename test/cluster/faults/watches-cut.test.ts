import { expect, test } from 'vitest'
import { until } from '../until.ts'
import { describeFaults, type FaultCluster } from './fault-cluster.ts'
import { grant, revoke } from './grants.ts'

/** Of its own accord the agent takes two and a half minutes of silence for death, and half a minute without an answer. */
const TIMINGS = { watchSilence: 3_000, watchHeaders: 2_000, firstBackoff: 200, longestBackoff: 1_000 }

describeFaults(
  'watches that do not end as they should',
  (cluster) => {
    test('cut inside a line: the event comes again, and nothing is listed', async () => {
      const { api, proxy, unharmed, enforced } = cluster()
      await unharmed(async () => {
        const before = proxy.requests.length
        await watching(cluster())
        for (const watch of proxy.watches()) watch.breakInNextLine()
        await grant(api, 8_001)
        await enforced({ open: [8_001] })
        await watching(cluster())
        for (const watch of proxy.watches()) watch.breakInNextLine()
        await revoke(api, 8_001)
        await enforced({ closed: [8_001] })
        expect(proxy.wholesSince(before)).toEqual([])
      })
    })

    test('silent: noticed, and gone on from the last version', async () => {
      const { api, proxy, agent, unharmed, enforced } = cluster()
      await unharmed(async () => {
        const before = proxy.requests.length
        await watching(cluster())
        for (const watch of proxy.watches()) watch.silence()
        await grant(api, 8_002)
        await enforced({ open: [8_002] })
        expect(proxy.wholesSince(before)).toEqual([])
      })
      for (const { restarts } of (await agent().status()).streams) expect(restarts['silent']).toBeGreaterThanOrEqual(1)
    })

    test('taken and never answered: given up and tried again until one is', async () => {
      const { api, proxy, readyz, unharmed, enforced } = cluster()
      await grant(api, 8_003)
      await enforced({ open: [8_003] })
      await unharmed(async () => {
        const before = proxy.requests.length
        proxy.treat(() => ({ kind: 'hang' }))
        proxy.cut()
        await revoke(api, 8_003)
        await grant(api, 8_004)
        await until('two requests of each stream hang', () => {
          const streams = Map.groupBy(proxy.requests.slice(before), ({ plural }) => plural)
          return streams.size === 3 && [...streams.values()].every(({ length }) => length >= 2)
        })
        const { status, body } = await readyz()
        expect(status).toBe(200)
        expect(body.truth.map(({ state }) => state)).toEqual(Array(3).fill(expect.stringContaining('answer in time')))
        proxy.treat(() => undefined)
        await enforced({ open: [8_004], closed: [8_003] })
        expect(proxy.wholesSince(before)).toEqual([])
      })
    })
  },
  TIMINGS,
)

async function watching({ proxy }: FaultCluster): Promise<void> {
  await until('three watches are open', () => new Set(proxy.watches().map(({ plural }) => plural)).size === 3)
}
