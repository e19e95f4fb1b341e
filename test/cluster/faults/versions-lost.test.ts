import { expect, test } from 'vitest'
import { describeFaults, type FaultCluster } from './fault-cluster.ts'
import { statusOf } from './fault-proxy.ts'
import { grant, revoke } from './grants.ts'

const TIMINGS = { firstBackoff: 200, longestBackoff: 1_000 }

describeFaults(
  'an API server that has lost the version',
  (cluster) => {
    test('HTTP 410 to a watch: what was deleted meanwhile vanishes, what came is enforced', async () => {
      const { api, proxy, unharmed, enforced } = cluster()
      await grant(api, 8_001)
      await enforced({ open: [8_001], closed: [8_002] })
      const before = await expirations(cluster())
      await unharmed(async () => {
        proxy.treat(({ whole }) => (whole ? undefined : { kind: 'answer', status: 410, reason: 'Expired' }))
        proxy.cut()
        await revoke(api, 8_001)
        await grant(api, 8_002)
        await enforced({ open: [8_002], closed: [8_001] })
      })
      expect(await expirations(cluster())).toEqual(before.map((count) => count + 1))
    })

    test('an ERROR event 410: the same', async () => {
      const { api, proxy, unharmed, enforced } = cluster()
      await grant(api, 8_003)
      await enforced({ open: [8_003] })
      const before = await expirations(cluster())
      await unharmed(async () => {
        for (const watch of proxy.watches()) {
          watch.say(JSON.stringify({ type: 'ERROR', object: statusOf(410, 'Expired') }))
          watch.silence()
        }
        await revoke(api, 8_003)
        await grant(api, 8_004)
        await enforced({ open: [8_004], closed: [8_003] })
      })
      expect(await expirations(cluster())).toEqual(before.map((count) => count + 1))
    })

    test('an etcd that was compacted while the API server was away: 410 in earnest', async () => {
      const { api, proxy, closePort, openPort, unharmed, enforced } = cluster()
      await grant(api, 8_005)
      await enforced({ open: [8_005] })
      await unharmed(async () => {
        const before = proxy.requests.length
        await closePort()
        await revoke(api, 8_005)
        await grant(api, 8_006)
        await api.compact()
        await api.kill()
        await api.start()
        await openPort()
        await enforced({ open: [8_006], closed: [8_005] })
        // First it asks to go on, and only as that is refused for everything.
        const policies = proxy.requests.slice(before).filter(({ plural }) => plural === 'networkpolicies')
        expect(policies.map(({ verb, whole }) => ({ verb, whole }))).toEqual([
          { verb: 'watch', whole: false },
          { verb: 'watch', whole: true },
        ])
      })
    })
  },
  TIMINGS,
)

/** How often each stream has read everything anew because its version was lost. */
async function expirations({ agent }: FaultCluster): Promise<readonly number[]> {
  return (await agent().status()).streams.map(({ relists }) => relists['expired'] ?? 0)
}
