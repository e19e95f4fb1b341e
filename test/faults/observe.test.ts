import { expect, test } from 'vitest'
import { startAgent } from './agent-on-node.ts'
import { addressesOf, describeFaults, type PodName } from './fault-lab.ts'
import { makeManifests } from './manifests.ts'
import { POLICIES } from './policies.ts'
import { normalTable } from './standing-table.ts'

describeFaults('selvedge agent --observe', (faults) => {
  const send = (from: PodName, to: PodName, port: number) => {
    const [fromAddress = ''] = addressesOf(from)
    const [toAddress = ''] = addressesOf(to)
    return { from: `shop/${from}`, fromAddress, to: `shop/${to}`, toAddress, protocol: 'UDP' as const, port }
  }
  const name = (address: string) =>
    (['db', 'web', 'other', 'idle'] as const).find((pod) => addressesOf(pod).includes(address)) ?? address

  test('begins and ends by one chain over a table that stands; live sessions are seen, and what was denied stays known', async () => {
    const { lab, session } = faults
    const manifests = makeManifests(POLICIES)
    const told = async (agent: ReturnType<typeof startAgent>) => {
      const { flows } = await agent.flows()
      return flows
        .map(
          ({ fate, source, destination, carries }) =>
            `${fate} ${name(source)} ${name(destination)} ${'port' in carries ? carries.port : ''}`,
        )
        .sort()
    }
    const start = async (...flags: readonly string[]) => {
      const agent = startAgent(lab, { folder: manifests.folder, flags })
      await agent.ready()
      return agent
    }
    const end = async (agent: ReturnType<typeof startAgent>) => {
      agent.signal('SIGTERM')
      await agent.ended()
      expect(agent.log.filter(({ reason }) => reason === 'rebuild' || reason === 'drift')).toEqual([])
    }

    const before = await start()
    const plain = await normalTable(lab)
    expect(await lab.probe([send('idle', 'db', 5432), send('web', 'db', 5432)])).toEqual([false, true])
    expect(await told(before)).toEqual(['denied idle db 5432'])
    expect(await before.flows()).toMatchObject({ observes: false, lost: { allowed: null }, full: [] })
    await end(before)

    const observing = await start('--observe')
    expect(await session.progresses(5_000)).toBe(true)
    expect(await lab.probe([send('other', 'idle', 80)])).toEqual([true])
    const all = ['allowed other idle 80', 'allowed web db 5432', 'denied idle db 5432']
    await expect.poll(() => told(observing), { timeout: 20_000 }).toEqual(all)
    expect(await observing.flows()).toMatchObject({ observes: true, lost: { allowed: 0 }, full: [] })
    await end(observing)

    // What was noted survives an agent.
    const again = await start('--observe')
    expect(await told(again)).toEqual(expect.arrayContaining(all))
    await end(again)

    const after = await start()
    expect(await told(after)).toEqual(['denied idle db 5432'])
    await expect.poll(() => normalTable(lab), { timeout: 10_000 }).toEqual(plain)
    expect(await session.progresses(5_000)).toBe(true)
    await end(after)
  })
})
