import { expect, test } from 'vitest'
import { startAgent } from './agent-on-node.ts'
import { describeFaults, FLOWS, STEADY } from './fault-lab.ts'
import { makeManifests } from './manifests.ts'
import { POLICIES, WITH_IDLE } from './policies.ts'
import { standInForNft } from './stand-in.ts'
import { startTraffic } from './traffic.ts'
import { waitFor } from './wait-for.ts'

describeFaults('there is no nft', (faults) => {
  test('it disappears while the agent runs: what stands goes on, and the change comes when it is back', async () => {
    const { lab, session } = faults
    const nft = standInForNft('process')
    const manifests = makeManifests(POLICIES)
    const agent = startAgent(lab, { folder: manifests.folder, env: nft.env })
    await agent.ready()
    const changing = { from: 'shop/idle', to: 'shop/db', port: 5432 }
    const traffic = await startTraffic(lab, { ...FLOWS, changing })
    nft.vanishes()
    manifests.become(WITH_IDLE)
    await waitFor('the agent notices', async () => (await agent.status())?.ready === false)
    expect(await agent.readiness()).toMatchObject({
      code: 503,
      reasons: [{ problem: 'the kernel refused the last change', cure: expect.stringContaining('missing-nft') }],
    })
    expect(await agent.statusText()).toContain('missing-nft')
    nft.returns()
    await traffic.until('changing', 'passed')
    await agent.ready()
    expect((await traffic.stop()).courses).toEqual({ ...STEADY, changing: 'lost passed' })
    expect(await session.progresses(5_000)).toBe(true)
  })

  test('it disappears while one stays: changes go on by that one', async () => {
    const { lab } = faults
    const nft = standInForNft('standing')
    const manifests = makeManifests(POLICIES)
    const agent = startAgent(lab, { folder: manifests.folder, env: nft.env })
    await agent.ready()
    const changing = { from: 'shop/idle', to: 'shop/db', port: 5432 }
    const traffic = await startTraffic(lab, { ...FLOWS, changing })
    nft.vanishes()
    manifests.become(WITH_IDLE)
    await traffic.until('changing', 'passed')
    expect((await traffic.stop()).courses).toEqual({ ...STEADY, changing: 'lost passed' })
    expect((await agent.status())?.lastApply).toMatchObject({ result: 'ok' })
  })

  test('none from the start: it is said, what the last agent left stands, and it is taken over when there is one', async () => {
    const { lab, session } = faults
    const nft = standInForNft('process')
    const manifests = makeManifests(POLICIES)
    const first = startAgent(lab, { folder: manifests.folder, env: nft.env })
    await first.ready()
    const changing = { from: 'shop/idle', to: 'shop/db', port: 5432 }
    const traffic = await startTraffic(lab, { ...FLOWS, changing })
    first.signal('SIGTERM')
    await first.ended()
    nft.vanishes()
    manifests.become(WITH_IDLE)
    const agent = startAgent(lab, { folder: manifests.folder, env: nft.env })
    await waitFor(
      'the agent answers',
      async () => (await agent.status())?.reasons.some(({ id }) => id === 'nft-missing') ?? false,
    )
    const readiness = await agent.readiness()
    expect(readiness.code).toBe(503)
    expect(readiness.reasons).toContainEqual({
      id: 'nft-missing',
      problem: 'nft is not installed',
      cure: 'install nftables',
    })
    nft.returns()
    await traffic.until('changing', 'passed')
    // It is looked for again when it has done its work, not when the minute is over.
    await traffic.more(400)
    expect(await agent.readiness()).toMatchObject({ code: 200 })
    const looks = agent.log.filter(({ finding }) => finding === 'nft-missing')
    expect(looks).toHaveLength(1)
    expect((await traffic.stop()).courses).toEqual({ ...STEADY, changing: 'lost passed' })
    expect(await session.progresses(5_000)).toBe(true)
  })

  test('one that is too old: it is said once, nothing is tried, and what stands stands until there is a better one', async () => {
    const { lab, session } = faults
    const nft = standInForNft('process')
    const manifests = makeManifests(POLICIES)
    const first = startAgent(lab, { folder: manifests.folder, env: nft.env })
    await first.ready()
    first.signal('SIGTERM')
    await first.ended()
    nft.becomes('0.9.8')
    const traffic = await startTraffic(lab, FLOWS)
    const asked = nft.count('apply') + nft.count('list')
    const agent = startAgent(lab, { folder: manifests.folder, env: nft.env })
    await waitFor(
      'the agent answers',
      async () => (await agent.status())?.reasons.some(({ id }) => id === 'nft-too-old') ?? false,
    )
    await traffic.more(300)
    expect(nft.count('apply') + nft.count('list')).toBe(asked)
    expect(agent.log.filter(({ level }) => level === 'error').map(({ finding }) => finding)).toEqual(['nft-too-old'])
    agent.signal('SIGTERM')
    expect(await agent.ended()).toMatchObject({ exitCode: 0 })
    expect(nft.count('apply') + nft.count('list')).toBe(asked)
    expect((await traffic.stop()).courses).toEqual(STEADY)
    expect(await session.progresses(5_000)).toBe(true)
  })
})
