import { expect, test } from 'vitest'
import { startAgent } from './agent-on-node.ts'
import { describeFaults, FLOWS } from './fault-lab.ts'
import { makeManifests } from './manifests.ts'
import { POLICIES } from './policies.ts'
import { listing } from './standing-table.ts'
import { startTraffic } from './traffic.ts'

// trap 49: the last policy away, and everything passes again

describeFaults('a node without policies', (faults) => {
  test('everything passes, through the first policy and the last one what is allowed goes on', async () => {
    const { lab, session } = faults
    const manifests = makeManifests([])
    const traffic = await startTraffic(lab, FLOWS)
    const agent = startAgent(lab, { folder: manifests.folder })
    await agent.ready()
    expect(await agent.readiness()).toMatchObject({ code: 200, reasons: [] })
    const empty = await listing(lab)
    expect(empty).toContain('hook forward')
    await traffic.more(20)

    for (let time = 0; time < 2; time += 1) {
      manifests.become(POLICIES)
      await traffic.until('denied', 'lost')
      await traffic.until('denied port', 'lost')
      manifests.become([])
      await traffic.until('denied', 'passed')
      await traffic.until('denied port', 'passed')
    }
    const always = 'passed'
    const twice = 'passed lost passed lost passed'
    expect((await traffic.stop()).courses).toEqual({
      denied: twice,
      'denied port': twice,
      allowed: always,
      unselected: always,
      'unselected back': always,
      live: always,
      replies: always,
    })
    expect(await session.progresses(5_000)).toBe(true)
    await agent.ready()
  })
})
