import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type AgentOnNode, startAgent } from './agent-on-node.ts'
import { describeFaults, FLOWS, STEADY } from './fault-lab.ts'
import { makeManifests } from './manifests.ts'
import { POLICIES, WITH_IDLE } from './policies.ts'
import { listing } from './standing-table.ts'
import { APPLY_WAYS, standInForNft } from './stand-in.ts'
import { startTraffic } from './traffic.ts'
import { waitFor } from './wait-for.ts'
import { watchCommits } from './watch-commits.ts'

// trap 38: a graceful stop, and a start on an unchanged cluster, change nothing

/** What is promised is 5 s; the machine may be busy, and an nft that hangs is waited for during 30 s. */
async function endsInTime(agent: AgentOnNode): Promise<unknown> {
  return Promise.race([agent.ended(), sleep(10_000, 'not in time')])
}

const GRACEFUL = { exitCode: 0, signal: undefined }

describeFaults('the agent is told to end', (faults) => {
  test.each(['SIGTERM', 'SIGINT'] as const)('%s: no transaction, and none by the next agent either', async (signal) => {
    const { lab, session } = faults
    const { folder } = makeManifests(POLICIES)
    const agent = startAgent(lab, { folder })
    await agent.ready()
    const traffic = await startTraffic(lab, FLOWS)
    const commits = await watchCommits(lab)
    const before = await listing(lab)

    agent.signal(signal)
    expect(await endsInTime(agent)).toEqual(GRACEFUL)
    await traffic.more(20)
    expect(await commits.seen()).toEqual([])
    expect(await listing(lab)).toBe(before)

    const next = startAgent(lab, { folder })
    await next.ready()
    // Its monitor listens, and so it has looked once more.
    await waitFor('nft monitor listens', () => next.isWatching())
    await traffic.more(20)
    expect(await commits.seen()).toEqual([])
    expect(await listing(lab)).toBe(before)
    expect((await traffic.stop()).courses).toEqual(STEADY)
    expect(await session.progresses(5_000)).toBe(true)
  })

  test.each(APPLY_WAYS)(
    'in the middle of a change: what is in hand comes to its end, nothing follows (%s)',
    async (way) => {
      const { lab } = faults
      const manifests = makeManifests(POLICIES)
      const nft = standInForNft(way)
      const agent = startAgent(lab, { folder: manifests.folder, env: nft.env })
      await agent.ready()
      const traffic = await startTraffic(lab, FLOWS)
      nft.applies('sleep 0.3')
      manifests.become(WITH_IDLE)
      await nft.asked('apply', 1)
      agent.signal('SIGTERM')
      expect(await endsInTime(agent)).toEqual(GRACEFUL)
      const commits = await watchCommits(lab)
      await traffic.more(20)
      expect(await commits.seen()).toEqual([])
      expect((await traffic.stop()).courses).toEqual(STEADY)
    },
  )

  test('while it starts', async () => {
    const { lab } = faults
    const { folder } = makeManifests(POLICIES)
    const nft = standInForNft('standing')
    nft.lists('sleep 0.5')
    const agent = startAgent(lab, { folder, env: nft.env })
    await nft.asked('list', 1)
    agent.signal('SIGTERM')
    expect(await endsInTime(agent)).toEqual(GRACEFUL)
  })

  test.each(APPLY_WAYS)('while nft hangs (%s)', async (way) => {
    const { lab } = faults
    const manifests = makeManifests(POLICIES)
    const nft = standInForNft(way)
    const agent = startAgent(lab, { folder: manifests.folder, env: nft.env })
    await agent.ready()
    const traffic = await startTraffic(lab, FLOWS)
    nft.applies('exec sleep 60')
    manifests.become(WITH_IDLE)
    await nft.asked('apply', 1)
    agent.signal('SIGTERM')
    expect(await endsInTime(agent)).toEqual(GRACEFUL)
    expect((await traffic.stop()).courses).toEqual(STEADY)
  })
})
