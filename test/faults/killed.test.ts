import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { RawPolicy } from '../oracle/raw-cluster.ts'
import { choicesFrom } from '../arbitraries/seeded.ts'
import { policy } from '../oracle/make-objects.ts'
import { startAgent } from './agent-on-node.ts'
import { describeFaults, FLOWS, STEADY } from './fault-lab.ts'
import { makeManifests } from './manifests.ts'
import { app, atDatabase, more, POLICIES, WITH_IDLE } from './policies.ts'
import { normalTable } from './standing-table.ts'
import { APPLY_WAYS, standInForNft } from './stand-in.ts'
import { startTraffic } from './traffic.ts'
import { waitFor } from './wait-for.ts'

// trap 38: killed at any instant, the agent leaves what was denied denied and what was allowed allowed

const ROUNDS = 15
const SEED = Number(process.env['FC_SEED'] ?? 20_261)

/** Of a time: some hundredth of it. */
const HUNDREDTHS = Array.from({ length: 101 }, (_, index) => index / 100) as [number, ...number[]]

const ports = (count: number) => Array.from({ length: count }, (_, index) => ({ port: 6_000 + 2 * index }))

type Policies = readonly RawPolicy[]

/** They make chains, sets and maps come and go; who always may and who never may stays the same. */
const VARIANTS: readonly [Policies, ...Policies[]] = [
  POLICIES,
  WITH_IDLE,
  [...POLICIES, more({ from: [app('idle')], ports: ports(9) }, { from: [app('other')], ports: [{ port: 7_000 }] })],
  [...POLICIES, more({ from: [{ ipBlock: { cidr: '172.16.0.0/12', except: ['172.16.3.0/24'] } }] })],
  [
    ...WITH_IDLE,
    policy('shop/web-ingress', {
      podSelector: { matchLabels: { app: 'web' } },
      ingress: [{ from: [app('idle')], ports: atDatabase }],
    }),
  ],
]

describeFaults('the agent is killed at any instant', (faults) => {
  const title = `${ROUNDS} times during changes (seed ${SEED}): every packet is judged right, and the last agent makes it whole`
  test.each(APPLY_WAYS)(`${title} (%s)`, async (way) => {
    const { lab, session } = faults
    const { once, pick } = choicesFrom(SEED)
    const delay = (longest: number) => pick(HUNDREDTHS) * longest
    const manifests = makeManifests(POLICIES)
    // A little time between the transactions of one change, so that it is not one instant.
    const nft = standInForNft(way)
    nft.applies('sleep 0.03')
    const settings = { folder: manifests.folder, env: nft.env }
    let listed = 0
    let agent = startAgent(lab, settings)
    await agent.ready()
    const traffic = await startTraffic(lab, FLOWS)

    for (let round = 0; round < ROUNDS; round += 1) {
      // Some do not get as far as to read the table, most are in the middle of changes.
      if (!once(4)) await waitFor('the table is read', () => nft.count('list') > listed)
      const killer = sleep(delay(900))
      let over = false
      void killer.then(() => (over = true))
      while (!over) {
        manifests.become(pick(VARIANTS))
        await Promise.race([killer, sleep(260 + delay(100))])
      }
      agent.signal('SIGKILL')
      await agent.ended()
      listed = nft.count('list')
      agent = startAgent(lab, settings)
    }
    const last = VARIANTS[4] ?? POLICIES
    manifests.become(last)
    await agent.ready()
    const fresh = startAgent(lab, { folder: manifests.folder, on: 'node-2' })
    await fresh.ready()
    const whole = await normalTable(lab, 'node-2')
    await expect.poll(() => normalTable(lab), { timeout: 10_000 }).toEqual(whole)
    await traffic.more(20)
    expect((await traffic.stop()).courses).toEqual(STEADY)
    expect(await session.progresses(5_000)).toBe(true)
  })
})
