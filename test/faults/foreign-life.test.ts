import { expect, test } from 'vitest'
import { readCounters } from '../kernel/counters.ts'
import { MAIN, startAgent } from './agent-on-node.ts'
import { describeFaults, FLOWS, STEADY } from './fault-lab.ts'
import type { FaultLab } from './fault-lab.ts'
import { makeManifests } from './manifests.ts'
import { POLICIES, WITH_IDLE } from './policies.ts'
import { TABLES_OF_OTHERS } from './tables-of-others.ts'
import { startTraffic } from './traffic.ts'
import { waitFor } from './wait-for.ts'

// trap 45: foreign tables stand byte for byte
// trap 48: whom no policy isolates sees no new verdict

/** Somebody's drop and accept, with counts before and behind our hook; at port 7000 it drops. */
const COUNTING = `table inet counting {
  counter came { }
  counter dropped { }
  counter left { }
  chain before {
    type filter hook forward priority filter; policy accept;
    ip saddr 10.244.1.12 ip daddr 10.244.1.13 jump judge
    ip6 saddr fd44:0:0:1::12 ip6 daddr fd44:0:0:1::13 jump judge
  }
  chain judge {
    counter name came
    th dport 7000 counter name dropped drop
    accept
  }
  chain behind {
    type filter hook forward priority filter + 20; policy accept;
    ip saddr 10.244.1.12 ip daddr 10.244.1.13 counter name left
    ip6 saddr fd44:0:0:1::12 ip6 daddr fd44:0:0:1::13 counter name left
  }
}
`

describeFaults('tables of others', (faults) => {
  test('stand byte for byte and handle for handle, from the first start to the uninstall', async () => {
    const { lab, session } = faults
    await lab.loadRuleset('node-1', TABLES_OF_OTHERS)
    const before = await listOthers(faults)
    expect(Object.keys(before)).toHaveLength(8)
    const manifests = makeManifests(POLICIES)
    const first = startAgent(lab, { folder: manifests.folder })
    await first.ready()
    const changing = { from: 'shop/idle', to: 'shop/db', port: 5432 }
    const traffic = await startTraffic(lab, { ...FLOWS, changing })

    manifests.become(WITH_IDLE)
    await traffic.until('changing', 'passed')
    await lab.nft('node-1', ['delete', 'element', 'inet', 'selvedge', 'in6', '{ fd44:0:0:1::10 }'])
    await waitFor('it is repaired', async () =>
      (await lab.nft('node-1', ['list', 'map', 'inet', 'selvedge', 'in6'])).includes('fd44:0:0:1::10'),
    )
    first.signal('SIGKILL')
    await first.ended()
    const second = startAgent(lab, { folder: manifests.folder })
    await second.ready()
    manifests.become(POLICIES)
    await traffic.until('changing', 'lost')
    expect((await traffic.stop()).courses).toMatchObject({ allowed: 'passed', unselected: 'passed', live: 'passed' })
    expect(await listOthers(faults)).toEqual(before)
    second.signal('SIGTERM')
    await second.ended()
    const { exitCode } = await lab.exec('node-1', [process.execPath, MAIN, 'uninstall'])
    expect(exitCode).toBe(0)
    expect(await lab.nft('node-1', ['list', 'tables'])).not.toContain('selvedge')
    expect(await listOthers(faults)).toEqual(before)
    expect(await session.progresses(5_000)).toBe(true)
  })

  test('count and judge the same packets of pods that no policy selects, with us and without us', async () => {
    const { lab } = faults
    const manifests = makeManifests(POLICIES)
    const count = async () => {
      await lab.loadRuleset('node-1', `add table inet counting\ndelete table inet counting\n${COUNTING}`)
      const dropped = { from: 'shop/other', to: 'shop/idle', port: 7_000 }
      const traffic = await startTraffic(lab, { ...FLOWS, dropped })
      await traffic.more(40)
      const { courses, sent } = await traffic.stop()
      const [passed = 0, lost = 0] = [sent['unselected'], sent['dropped']]
      expect(await readCounters(lab, 'node-1', 'inet counting')).toEqual({
        came: passed + lost,
        dropped: lost,
        left: passed,
      })
      return courses
    }
    const free = { denied: 'passed', 'denied port': 'passed' }
    expect(await count()).toEqual({ ...STEADY, ...free, dropped: 'lost' })
    const agent = startAgent(lab, { folder: manifests.folder })
    await agent.ready()
    expect(await count()).toEqual({ ...STEADY, dropped: 'lost' })
  })
})

/** All tables of the node but ours, by name, with handles. */
async function listOthers({ lab }: FaultLab): Promise<Readonly<Record<string, string>>> {
  const tables = (await lab.nft('node-1', ['list', 'tables'])).split('\n').filter(Boolean)
  const others = tables.map((line) => line.replace('table ', '')).filter((name) => name !== 'inet selvedge')
  const listings = await Promise.all(
    others.map((name) => lab.nft('node-1', ['-a', 'list', 'table', ...name.split(' ')])),
  )
  return Object.fromEntries(others.map((name, index) => [name, listings[index] ?? '']))
}
