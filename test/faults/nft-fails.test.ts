import { expect, test } from 'vitest'
import { startAgent } from './agent-on-node.ts'
import { describeFaults, FLOWS, STEADY } from './fault-lab.ts'
import { makeManifests } from './manifests.ts'
import { POLICIES, WITH_IDLE } from './policies.ts'
import { APPLY_WAYS, standInForNft } from './stand-in.ts'
import { startTraffic } from './traffic.ts'
import { waitFor } from './wait-for.ts'

// What nft does to us, it must not do to packets.

/** idle may not reach db under POLICIES, and may under WITH_IDLE. */
const CHANGING = { from: 'shop/idle', to: 'shop/db', port: 5432 }

/** What a real nft says when the kernel refuses. */
const refusal = (words: string) =>
  `cat > /dev/null; echo '/dev/stdin:3:1-12: Error: Could not process rule: ${words}' >&2; exit 1`

/** How nft may fail, and what `status` calls it. */
const FAULTS = [
  ['exits with an error and says nothing', 'cat > /dev/null; exit 1', 'other'],
  ['says that something exists', refusal('File exists'), 'exists'],
  ['dies of a signal', 'kill -SEGV $$', 'crashed'],
  ['dies of a signal once the kernel has committed', 'nft "$@"; kill -KILL $$', 'crashed'],
] as const

for (const way of APPLY_WAYS)
  describeFaults(`nft fails, by a ${way}`, (faults) => {
    test.each(FAULTS)(
      'nft %s: the old verdicts hold, it is said, and the change comes when it is well again',
      async (_, fault, kind) => {
        const { lab, session } = faults
        const nft = standInForNft(way)
        const manifests = makeManifests(POLICIES)
        const agent = startAgent(lab, { folder: manifests.folder, env: nft.env })
        await agent.ready()
        const traffic = await startTraffic(lab, { ...FLOWS, changing: CHANGING })
        nft.applies(fault)
        manifests.become(WITH_IDLE)
        // The change, the replacement step by step, the same in one: then the turn is over, and the next one asks again.
        await nft.asked('apply', 4)
        const status = await agent.status()
        const readiness = await agent.readiness()
        nft.heals()
        await traffic.until('changing', 'passed')
        await agent.ready()
        manifests.become(POLICIES)
        await traffic.until('changing', 'lost')

        expect((await traffic.stop()).courses).toEqual({ ...STEADY, changing: 'lost passed lost' })
        expect(await session.progresses(5_000)).toBe(true)
        expect(status).toMatchObject({ ready: false, lastApply: { result: kind }, reasons: [{ id: 'not-up-to-date' }] })
        expect(readiness).toMatchObject({
          code: 503,
          reasons: [{ problem: 'the kernel refused the last change', cure: expect.stringContaining(kind) }],
        })
        expect(agent.log.some(({ level, msg }) => level === 'error' && msg === 'nft refused')).toBe(true)
      },
    )

    test('nft refuses one transaction: the whole is loaded instead, and nobody notices', async () => {
      const { lab, session } = faults
      const nft = standInForNft(way)
      const manifests = makeManifests(WITH_IDLE)
      const agent = startAgent(lab, { folder: manifests.folder, env: nft.env })
      await agent.ready()
      const traffic = await startTraffic(lab, { ...FLOWS, changing: CHANGING })
      await traffic.more(10)
      // Once: it takes itself away.
      nft.applies(`: > "\${0%/nft}/apply"; ${refusal('No such file or directory')}`)
      manifests.become(POLICIES)
      await traffic.until('changing', 'lost')
      await agent.ready()
      expect((await traffic.stop()).courses).toEqual({ ...STEADY, changing: 'passed lost' })
      expect(await session.progresses(5_000)).toBe(true)
      expect(agent.log).toContainEqual(expect.objectContaining({ msg: 'applied', reason: 'rebuild' }))
    })

    test('our table cannot be listed at the start: what stands is not touched before something whole can replace it', async () => {
      const { lab, session } = faults
      const manifests = makeManifests(POLICIES)
      const first = startAgent(lab, { folder: manifests.folder })
      await first.ready()
      first.signal('SIGKILL')
      await first.ended()
      const traffic = await startTraffic(lab, FLOWS)
      const nft = standInForNft(way)
      nft.lists('echo "netlink: Error: cache initialization failed: Protocol error" >&2; exit 1')
      const agent = startAgent(lab, { folder: manifests.folder, env: nft.env })
      await nft.asked('list', 1)
      await agent.ready()
      await traffic.more(20)
      expect((await traffic.stop()).courses).toEqual(STEADY)
      expect(await session.progresses(5_000)).toBe(true)
    })
  })

describeFaults('our table cannot be listed', (faults) => {
  test('our table cannot be listed any more: what stands is not touched, and it is said until it can be', async () => {
    const { lab, session } = faults
    const nft = standInForNft('standing')
    const manifests = makeManifests(POLICIES)
    const agent = startAgent(lab, { folder: manifests.folder, env: nft.env, flags: ['--verify-interval', '0.2'] })
    await agent.ready()
    const said = (msg: string) => agent.log.filter((line) => line.msg === msg).length
    nft.lists('echo "netlink: Error: cache initialization failed: Protocol error" >&2; exit 1')
    const findings = async () =>
      (await agent.status())?.problems.filter(({ of }) => of === 'node (table-unlisted)') ?? []
    await waitFor('the finding', async () => (await findings()).length > 0)
    await nft.asked('list', 3)
    const status = await agent.status()
    const [finding] = await findings()
    const failed = await agent.metric('selvedge_verifications_total{result="unlisted"}')
    nft.heals()
    await waitFor('the finding is gone', async () => (await findings()).length === 0)
    await nft.asked('list', 2)
    expect(status?.ready).toBe(true)
    expect(finding?.problem).toContain('cache initialization failed')
    expect(failed).toBeGreaterThan(1)
    expect(said('our table cannot be listed, so what stands is not verified')).toBe(1)
    expect(said('our table can be listed again')).toBe(1)
    expect(await session.progresses(5_000)).toBe(true)
  })
})
