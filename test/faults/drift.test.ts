import { expect, test } from 'vitest'
import type { Lab } from '../../src/lab/lab.ts'
import { startAgent } from './agent-on-node.ts'
import { describeFaults, FLOWS, STEADY } from './fault-lab.ts'
import { makeManifests } from './manifests.ts'
import { POLICIES } from './policies.ts'
import { normalTable } from './standing-table.ts'
import { startTraffic, type TrafficReport } from './traffic.ts'
import { waitFor } from './wait-for.ts'
import { watchCommits } from './watch-commits.ts'

// trap 46: what somebody does to our table is put right, and until then it hurts only those whom it concerns

const DB = '10.244.1.10'
const WEB = '10.244.1.11'
const OTHER = '10.244.1.12'

/** One flow, not one a packet: what was approved while the table was wrong is not to live on. */
const INTRUDER = { from: 'shop/other', to: 'shop/db', port: 5432, sourcePort: 1_600 }
const ALL = { ...STEADY, intruder: 'lost' }

/** In IPv4 alone, for an instant; a repair that is quicker than two packets is no fault. */
const opened = expect.stringMatching(/^lost( \| lost passed lost)?$/)
const closed = expect.stringMatching(/^passed( \| passed lost passed)?$/)
const openedInBoth = expect.stringMatching(/^lost( \| lost passed lost)?$|^lost passed lost$/)

interface Drift {
  readonly what: string
  /** As nft commands. */
  readonly damage: (lab: Lab) => Promise<string>
  readonly courses: Readonly<Record<keyof typeof ALL, unknown>>
  /** What else the repair may touch, beside what the damage names and what carries the generation. */
  readonly repair: 'nothing else' | 'everything'
}

const DRIFTS: readonly Drift[] = [
  {
    what: 'the table',
    damage: async () => 'delete table inet selvedge',
    courses: { ...ALL, denied: openedInBoth, 'denied port': openedInBoth, intruder: openedInBoth },
    repair: 'everything',
  },
  {
    what: 'the rules of a class',
    damage: async (lab) => `flush chain inet selvedge ${await classOf(lab, `in4-${DB}`)}`,
    courses: { ...ALL, denied: opened, intruder: opened },
    repair: 'nothing else',
  },
  {
    what: 'a rule of the base chain',
    damage: async (lab) => `delete rule inet selvedge forward handle ${await handleOf(lab, 'goto packets4')}`,
    courses: { ...ALL, denied: opened, 'denied port': opened, intruder: opened },
    repair: 'everything',
  },
  {
    what: 'an element of a dispatch map',
    damage: async () => `delete element inet selvedge in4 { ${DB} }`,
    courses: { ...ALL, denied: opened, intruder: opened },
    repair: 'nothing else',
  },
  {
    what: 'an element of a peer set',
    damage: async (lab) => `delete element inet selvedge ${await peersOf(lab, `in4-${DB}`)} { ${WEB} }`,
    courses: { ...ALL, allowed: closed },
    repair: 'nothing else',
  },
  {
    what: 'an element too many in a peer set',
    damage: async (lab) => `add element inet selvedge ${await peersOf(lab, `in4-${DB}`)} { ${OTHER} }`,
    courses: { ...ALL, denied: opened, intruder: opened },
    repair: 'nothing else',
  },
  {
    what: 'a chain and a set too many',
    damage: async () =>
      'add chain inet selvedge foreign; add rule inet selvedge foreign drop; add set inet selvedge strange { type ipv4_addr; }',
    courses: ALL,
    repair: 'nothing else',
  },
]

describeFaults('somebody changes our table', (faults) => {
  test.for(DRIFTS)('$what: repaired, and nobody else notices', async ({ damage, courses, repair }, { annotate }) => {
    const { lab, session } = faults
    const agent = startAgent(lab, { folder: makeManifests(POLICIES).folder })
    await agent.ready()
    await waitFor('nft monitor listens', () => agent.isWatching())
    const before = await normalTable(lab)
    const commits = await watchCommits(lab)
    const command = await damage(lab)
    const traffic = await startTraffic(lab, { ...FLOWS, intruder: INTRUDER })
    await traffic.more(10)
    await lab.loadRuleset('node-1', `${command}\n`)
    await waitFor('it is repaired', async () => JSON.stringify(await normalTable(lab)) === JSON.stringify(before))
    await traffic.more(20)

    const report = await traffic.stop()
    await annotate(`${command}: denied packets passed for ${openMilliseconds(report)} ms`)
    expect(report.courses).toEqual(courses)
    expect(await session.progresses(5_000)).toBe(true)
    expect((await agent.status())?.driftRepairs).not.toEqual({})
    if (repair === 'nothing else') expect(beside(command, await commits.seen())).toEqual([])
  })
})

/** From the first packet of what is denied to the last one that passed. */
function openMilliseconds({ passedAt }: TrafficReport): number {
  const passed = ['denied', 'denied port', 'intruder'].flatMap((flow) => passedAt[flow] ?? [])
  return passed.length === 0 ? 0 : Math.round(Math.max(...passed) - Math.min(...passed))
}

/** The chain that a pod's own chain goes to. */
async function classOf(lab: Lab, chain: string): Promise<string> {
  return found(/goto (c\S+)/, await lab.nft('node-1', ['list', 'chain', 'inet', 'selvedge', chain]))
}

async function peersOf(lab: Lab, chain: string): Promise<string> {
  return found(/@(p\S+)/, await lab.nft('node-1', ['list', 'chain', 'inet', 'selvedge', await classOf(lab, chain)]))
}

async function handleOf(lab: Lab, rule: string): Promise<string> {
  const listing = await lab.nft('node-1', ['-a', 'list', 'chain', 'inet', 'selvedge', 'forward'])
  return found(new RegExp(`${rule} # handle (\\d+)`), listing)
}

function found(pattern: RegExp, text: string): string {
  const [, value] = pattern.exec(text) ?? []
  if (value === undefined) throw new Error(`no ${pattern} in ${text}`)
  return value
}

/** What `nft monitor` saw of objects that the command does not name, and that do not carry the generation. */
function beside(command: string, seen: readonly string[]): readonly string[] {
  const expected = new Set([...command.split(/[ ;]+/), 'forward', 'allow'])
  return seen.filter((line) => {
    const [name = ''] = /(?<= inet selvedge )\S+/.exec(line) ?? []
    return !expected.has(name)
  })
}
