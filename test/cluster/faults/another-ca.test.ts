import { expect, test } from 'vitest'
import { makeCertificate } from '../../support/make-certificate.ts'
import { until } from '../until.ts'
import { describeFaults, type FaultCluster } from './fault-cluster.ts'
import { grant, revoke } from './grants.ts'
import { watchTable } from './table-changes.ts'

const TIMINGS = { firstBackoff: 200, longestBackoff: 1_000 }
const FOREIGN = makeCertificate({ commonName: 'somebody else', address: '127.0.0.1' })

describeFaults(
  'an API server with the certificate of another CA',
  (cluster) => {
    test('an agent that runs stays ready, says what is wrong, and goes on when it is over', async () => {
      const { api, proxy, readyz, unharmed, enforced } = cluster()
      await unharmed(async () => {
        const before = proxy.requests.length
        proxy.present(FOREIGN)
        await grant(api, 8_001)
        await everyStreamNamesTheCertificate(cluster())
        expect((await readyz()).status).toBe(200)
        expect(proxy.requests.slice(before)).toEqual([])
        proxy.present()
        await enforced({ open: [8_001] })
        expect(proxy.wholesSince(before)).toEqual([])
      })
    })

    test('an agent that starts is not ready, says what is wrong, and leaves alone what stands', async () => {
      const { api, lab, proxy, agent, startAgent, readyz, unharmed, enforced, table } = cluster()
      await grant(api, 8_002)
      await enforced({ open: [8_002] })
      await unharmed(async () => {
        const stood = await table()
        const before = proxy.requests.length
        await agent().kill('SIGTERM')
        proxy.present(FOREIGN)
        await using changes = await watchTable(lab, 'node-1')
        await startAgent()
        await everyStreamNamesTheCertificate(cluster())
        const { status, body } = await readyz()
        expect(status).toBe(503)
        for (const stream of ['namespaces', 'networkpolicies', 'pods']) {
          const problem = expect.stringMatching(`^${stream}: nothing complete was heard yet: .*certificate`)
          expect(body.reasons).toContainEqual({ id: 'not-synced', problem, cure: expect.any(String) })
        }
        await agent().line(
          'the certificate',
          ({ level, state }) => level === 'warn' && String(state).includes('certificate'),
        )
        expect(proxy.requests.slice(before)).toEqual([])
        expect(changes.seen()).toEqual([])
        expect(await table()).toBe(stood)
        proxy.present()
        await agent().ready()
        expect(await table()).toBe(stood)
        await revoke(api, 8_002)
        await enforced({ closed: [8_002] })
      })
    })
  },
  TIMINGS,
)

async function everyStreamNamesTheCertificate({ readyz }: FaultCluster): Promise<void> {
  let said: readonly string[] = []
  await until(
    () => `every stream names the certificate: ${said.join('; ')}`,
    async () => {
      said = (await readyz()).body.truth.map(({ state }) => state)
      return said.length === 3 && said.every((state) => state.includes('certificate'))
    },
  )
}
