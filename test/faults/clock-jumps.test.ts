import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { startAgent } from './agent-on-node.ts'
import { describeFaults, FLOWS, STEADY } from './fault-lab.ts'
import { makeManifests } from './manifests.ts'
import { POLICIES, WITH_IDLE } from './policies.ts'
import { startTraffic } from './traffic.ts'
import { waitFor } from './wait-for.ts'

const CLOCK = fileURLToPath(new URL('programs/jumping-clock.ts', import.meta.url))

describeFaults('the clock of the node jumps', (faults) => {
  test('a year ahead, a year back: the agent goes on, and no age is below zero', async () => {
    const { lab, session } = faults
    const manifests = makeManifests(POLICIES)
    const agent = startAgent(lab, { folder: manifests.folder, env: { NODE_OPTIONS: `--import=${CLOCK}` } })
    await agent.ready()
    const changing = { from: 'shop/idle', to: 'shop/db', port: 5432 }
    const traffic = await startTraffic(lab, { ...FLOWS, changing })
    const thisYear = new Date().getUTCFullYear()
    for (const [years, policies] of [
      [1, WITH_IDLE],
      [-1, POLICIES],
    ] as const) {
      agent.signal('SIGUSR2')
      await waitFor('the clock has jumped', async () => {
        const status = await agent.status()
        return status !== undefined && new Date(status.at).getUTCFullYear() === thisYear + years
      })
      // At once after the jump, before anything was done at the new time.
      expect(agesBelowZero(await agent.statusText())).toEqual([])
      manifests.become(policies)
      await traffic.until('changing', policies === WITH_IDLE ? 'passed' : 'lost')
      await agent.ready()
      expect(agesBelowZero(await agent.statusText())).toEqual([])
      const { truth } = await agent.readiness()
      expect(truth.map(({ ageSeconds }) => ageSeconds)).toEqual([0])
    }
    expect((await traffic.stop()).courses).toEqual({ ...STEADY, changing: 'lost passed lost' })
    expect(await session.progresses(5_000)).toBe(true)
  })
})

/** `-3 s`, `-364 d`; the minus signs of names are between letters. */
function agesBelowZero(text: string): readonly string[] {
  return text.match(/(?<!\S)\(?-\d+\S* ?\w+/g) ?? []
}
