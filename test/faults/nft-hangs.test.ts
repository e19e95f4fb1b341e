import { expect, test } from 'vitest'
import { startAgent } from './agent-on-node.ts'
import { describeFaults, FLOWS, STEADY } from './fault-lab.ts'
import { makeManifests } from './manifests.ts'
import { POLICIES, WITH_IDLE } from './policies.ts'
import { APPLY_WAYS, standInForNft } from './stand-in.ts'
import { startTraffic } from './traffic.ts'
import { waitFor } from './wait-for.ts'

describeFaults('nft hangs', (faults) => {
  test.each(APPLY_WAYS)('the agent gives it up, and makes the change by another run (%s)', async (way) => {
    const { lab, session } = faults
    const nft = standInForNft(way)
    const manifests = makeManifests(POLICIES)
    const agent = startAgent(lab, { folder: manifests.folder, env: nft.env, flags: ['--nft-timeout', '2'] })
    await agent.ready()
    const changing = { from: 'shop/idle', to: 'shop/db', port: 5432 }
    const traffic = await startTraffic(lab, { ...FLOWS, changing })
    // Once: it takes itself away.
    nft.applies(': > "${0%/nft}/apply"; exec sleep 100')
    manifests.become(WITH_IDLE)
    await nft.asked('apply', 1)
    await waitFor('it is given up', () =>
      agent.log.some(({ msg, errorKind }) => msg === 'nft refused' && errorKind === 'timeout'),
    )
    await traffic.until('changing', 'passed')
    await agent.ready()
    expect((await traffic.stop()).courses).toEqual({ ...STEADY, changing: 'lost passed' })
    expect(await session.progresses(5_000)).toBe(true)
  })
})
