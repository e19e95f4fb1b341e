import { expect, test } from 'vitest'
import { startAgent } from './agent-on-node.ts'
import { describeFaults, FLOWS, STEADY } from './fault-lab.ts'
import { makeManifests } from './manifests.ts'
import { POLICIES, WITH_IDLE } from './policies.ts'
import { listing } from './standing-table.ts'
import { startTraffic } from './traffic.ts'
import { waitFor } from './wait-for.ts'
import { watchCommits } from './watch-commits.ts'

describeFaults('two agents on one node', (faults) => {
  test('the second refuses and says who is there; when the first is killed, the next one takes over', async () => {
    const { lab, session } = faults
    const [manifests, others] = [makeManifests(POLICIES), makeManifests([])]
    const first = startAgent(lab, { folder: manifests.folder })
    await first.ready()
    const changing = { from: 'shop/idle', to: 'shop/db', port: 5432 }
    const traffic = await startTraffic(lab, { ...FLOWS, changing })
    const commits = await watchCommits(lab)

    // It has read that there is no policy at all, and would open everything.
    const second = startAgent(lab, { folder: others.folder, flags: ['--listen', '127.0.0.1:9754'] })
    await waitFor('the second one has said something', () => second.log.length > 0)
    expect(await Promise.race([second.ended(), second.ready()])).toEqual({ exitCode: 3, signal: undefined })
    expect(second.log).toEqual([
      expect.objectContaining({
        level: 'error',
        msg: 'another agent runs on this node',
        holder: expect.stringContaining(`pid ${first.pid}, selvedge `),
      }),
    ])
    expect(await commits.seen()).toEqual([])

    manifests.become(WITH_IDLE)
    await traffic.until('changing', 'passed')
    await first.ready()
    const before = await listing(lab)
    first.signal('SIGKILL')
    await first.ended()

    const third = startAgent(lab, { folder: manifests.folder })
    await third.ready()
    expect(await listing(lab)).toBe(before)
    manifests.become(POLICIES)
    await traffic.until('changing', 'lost')
    expect((await traffic.stop()).courses).toEqual({ ...STEADY, changing: 'lost passed lost' })
    expect(await session.progresses(5_000)).toBe(true)
  })
})
