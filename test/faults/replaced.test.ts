import { expect, test } from 'vitest'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import { DEFAULT_OPTIONS, type RulesetOptions } from '../../compiler/nftables/options.ts'
import { rulesetText } from '../../compiler/nftables/ruleset-text.ts'
import { startAgent } from './agent-on-node.ts'
import { describeFaults, FLOWS, STEADY } from './fault-lab.ts'
import { makeManifests } from './manifests.ts'
import { POLICIES } from './policies.ts'
import { normalTable } from './standing-table.ts'
import { startTraffic } from './traffic.ts'
import { waitFor } from './wait-for.ts'

/** One UDP flow that policies deny: whatever lets it pass remembers it under the number of that table. */
const INTRUDER = { from: 'shop/other', to: 'shop/db', port: 5432, sourcePort: 1_600 }

/** A table of ours that isolates nobody. */
function openTable(options: RulesetOptions, generation: number): string {
  return rulesetText(createEngine({ isLocal: () => false, ruleset: options }).ruleset(), options, generation)
}

describeFaults('somebody replaces our table by one with numbers of its own', (faults) => {
  test.for([
    ['the same frame', DEFAULT_OPTIONS],
    ['another frame', { ...DEFAULT_OPTIONS, deny: 'reject' }],
  ] as const)('%s: a flow that it remembers keeps nothing when ours is back', async ([, options]) => {
    const { lab, session } = faults
    const agent = startAgent(lab, { folder: makeManifests(POLICIES).folder })
    await agent.ready()
    await waitFor('nft monitor listens', () => agent.isWatching())
    const before = await normalTable(lab)
    const generation = (await agent.status())?.enforced?.generation ?? 0
    expect(generation).toBeGreaterThan(0)
    const traffic = await startTraffic(lab, { ...FLOWS, intruder: INTRUDER })
    await traffic.more(10)
    // Stopped, so that the flow surely passes before it is repaired.
    agent.signal('SIGSTOP')
    await lab.loadRuleset('node-1', openTable(options, generation + 1))
    await traffic.until('intruder', 'passed')
    agent.signal('SIGCONT')
    await waitFor('it is repaired', async () => JSON.stringify(await normalTable(lab)) === JSON.stringify(before))
    await traffic.until('intruder', 'lost')
    const opened = { denied: 'lost passed lost', 'denied port': 'lost passed lost', intruder: 'lost passed lost' }
    expect((await traffic.stop()).courses).toEqual({ ...STEADY, ...opened })
    expect(await session.progresses(5_000)).toBe(true)
  })
})
