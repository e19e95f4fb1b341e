import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { MAIN } from '../../cli/run-selvedge.ts'
import { until } from '../until.ts'
import { describeFaults, type FaultCluster } from './fault-cluster.ts'
import { grant, revoke } from './grants.ts'
import { watchTable } from './table-changes.ts'

/** How long the API server is away. With a length from outside, the agent's own waits between attempts hold too. */
const GIVEN = process.env['SELVEDGE_OUTAGE_SECONDS']
const OUTAGE_SECONDS = Number(GIVEN ?? 10)
const TIMINGS = GIVEN === undefined ? { longestBackoff: 5_000 } : {}

describeFaults(
  'an API server that is away',
  (cluster) => {
    test('frozen: nothing changes, the agent is ready and says how old its truth is, and goes on where it was', async () => {
      const { api, proxy, unharmed, enforced } = cluster()
      await grant(api, 8_001)
      await enforced({ open: [8_001], closed: [8_002] })
      await unharmed(async () => {
        const before = proxy.requests.length
        api.freeze()
        await sleep(OUTAGE_SECONDS * 500)
        proxy.cut()
        await sleep(OUTAGE_SECONDS * 500)
        await expectOldTruth(cluster())
        api.thaw()
        await revoke(api, 8_001)
        await grant(api, 8_002)
        await enforced({ open: [8_002], closed: [8_001] })
        expect(proxy.wholesSince(before)).toEqual([])
        expectPatience(cluster(), before)
      })
    })

    test('killed and started again: the same', async () => {
      const { api, proxy, unharmed, enforced } = cluster()
      await grant(api, 8_003)
      await enforced({ open: [8_003] })
      await unharmed(async () => {
        const before = proxy.requests.length
        await api.kill()
        await sleep(OUTAGE_SECONDS * 1_000)
        await expectOldTruth(cluster())
        expect(proxy.wholesSince(before)).toEqual([])
        expectPatience(cluster(), before)
        await api.start()
        await revoke(api, 8_003)
        await grant(api, 8_004)
        await enforced({ open: [8_004], closed: [8_003] })
        // Its cache begins anew and knows no version from before: 410, once a stream.
        const wholes = proxy.wholesSince(before)
        expect(wholes).toEqual([...new Set(wholes)])
        expectPatience(cluster(), before)
      })
    })

    test('an agent that starts meanwhile: no transaction before it has heard all, and then none either', async () => {
      const { api, lab, agent, startAgent, readyz, closePort, openPort, unharmed, enforced, table } = cluster()
      await grant(api, 8_005)
      await enforced({ open: [8_005] })
      await unharmed(async () => {
        await closePort()
        const stood = await table()
        await using changes = await watchTable(lab, 'node-1')
        await agent().kill('SIGKILL')
        await startAgent()
        await until('each stream has tried again', async () => {
          const { truth } = (await readyz()).body
          return truth.length === 3 && truth.every(({ state }) => state.includes('nothing listens there'))
        })
        const { status, body } = await readyz()
        expect({ status, ready: body.ready }).toEqual({ status: 503, ready: false })
        expect(body.reasons.map(({ id }) => id)).toEqual(['not-synced', 'not-synced', 'not-synced', 'not-applied'])
        for (const { ageSeconds, connected } of body.truth) {
          expect({ ageSeconds, connected }).toEqual({ ageSeconds: null, connected: false })
        }
        expect(changes.seen()).toEqual([])
        await openPort()
        await agent().ready()
        expect(changes.seen()).toEqual([])
        expect(await table()).toBe(stood)
        await revoke(api, 8_005)
        await grant(api, 8_006)
        await enforced({ open: [8_006], closed: [8_005] })
        expect(changes.seen()).not.toEqual([])
      })
    })
  },
  TIMINGS,
)

/** Ready all the same; how old the truth is stands in /readyz, /metrics and the status, for each stream. */
async function expectOldTruth({ agent, lab, metric, readyz }: FaultCluster): Promise<void> {
  const { status, body } = await readyz()
  expect({ status, ready: body.ready, reasons: body.reasons }).toEqual({ status: 200, ready: true, reasons: [] })
  expect(body.truth.map(({ stream }) => stream)).toEqual(['namespaces', 'networkpolicies', 'pods'])
  for (const { stream, ageSeconds, connected, state } of body.truth) {
    expect({ connected, state }).toEqual({ connected: false, state: expect.stringMatching(/was cut|answer in time/) })
    // Something was heard when the stream began at the latest, and the outage has lasted since.
    expect(ageSeconds).toBeGreaterThan(OUTAGE_SECONDS / 2)
    expect(await metric(`selvedge_truth_age_seconds{stream="${stream}"}`)).toBeGreaterThan(OUTAGE_SECONDS / 2)
    expect(await metric(`selvedge_stream_connected{stream="${stream}"}`)).toBe(0)
  }
  expect(await metric('selvedge_ready')).toBe(1)
  const argv = [process.execPath, MAIN, 'status', '--socket', agent().socket]
  const { exitCode, stdout } = await lab.exec('node-1', argv)
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/stream pods.*(was cut|answer in time)/)
}

/** A few requests of a stream soon after another, then at most four in five seconds; without waits there would be hundreds. */
function expectPatience({ proxy }: FaultCluster, before: number): void {
  const since = proxy.requests.slice(before)
  const seconds = (performance.now() - (since[0]?.at ?? 0)) / 1_000
  for (const [plural, { length }] of Map.groupBy(since, (request) => request.plural)) {
    expect(length, plural).toBeLessThan(8 + 0.8 * seconds)
  }
}
