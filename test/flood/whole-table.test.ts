import { expect, test } from 'vitest'
import { FAMILIES } from '../../compiler/addresses/address.ts'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import { rulesetText } from '../../compiler/nftables/ruleset-text.ts'
import { clusterOf } from '../oracle/make-objects.ts'
import type { RawCluster, RawRule } from '../oracle/raw-cluster.ts'
import { changesBetween } from './changes-between.ts'
import { addressOf, describeFlood, type PodName, podsOf } from './flood-lab.ts'
import { probesFor } from './flood-probe.ts'
import { app, doors, ingress, udp } from './policies.ts'
import { CLEAN, runScenario } from './run-scenario.ts'
import { swapUnderFlood, thirdVerdicts } from './swap-under-flood.ts'

// trap 43b: between the ends of a rebuild there is no moment without rules, or without the elements that they look for
// trap 57: a generation that comes again lets no revoked flow live

const TIMEOUT = 300_000

/** Ten times what it took at worst. */
const MOST_SWAPS = 400

const state = (...names: readonly PodName[]) =>
  clusterOf(
    ...podsOf(),
    ...(['db', 'cache'] as const).map((name) =>
      ingress(name, { app: name }, { from: names.map(app), ports: [udp(80)] }),
    ),
  )

/** More than a class compares one by one: they become an interval set. */
const BLOCKS = FAMILIES.flatMap((family) => [
  `${addressOf('cache', family)}/${family === 'IPv4' ? 32 : 128}`,
  ...Array.from({ length: 12 }, (_, index) =>
    family === 'IPv4' ? `10.9.${2 * index}.0/24` : `fd55:${2 * index}::/64`,
  ),
])

const probes = () =>
  probesFor(
    [
      { from: 'web', to: 'db', port: 80 },
      { from: 'far', to: 'db', port: 80 },
      { from: 'api', to: 'cache', port: 80 },
    ],
    ['new', 'live', 'remembered'],
  )

const FROM_BLOCKS: readonly RawRule[] = [{ from: BLOCKS.map((cidr) => ({ ipBlock: { cidr } })), ports: [udp(3003)] }]

const BUILT: readonly (readonly [string, readonly RawRule[]])[] = [
  ['blocks', FROM_BLOCKS],
  ['a map of ports', doors(6)],
  ['merged sets', doors(140)],
]

/** Two clusters that differ elsewhere, and both have a class for api that is built so. */
const statesWith = (rules: readonly RawRule[]): readonly RawCluster[] =>
  [state('web'), state('web', 'api')].map((cluster) => ({
    ...cluster,
    policies: [...cluster.policies, ingress('api', { app: 'api' }, ...rules)],
  }))

const ROUTES = [
  { from: 'cache', to: 'api', port: 3003 },
  { from: 'far', to: 'api', port: 3003 },
] as const

describeFlood('the whole table under a flood', (lab) => {
  test('what nft refuses is done by rebuilding the table', { timeout: TIMEOUT }, async () => {
    const rebuilt: string[] = []
    const report = await runScenario(lab(), {
      states: [state('web'), state('web', 'api')],
      probes: probes(),
      before({ kernel, applications }) {
        kernel.refuse(1)
        rebuilt.push(applications.at(-1)?.reason ?? '')
      },
    })
    expect(report).toMatchObject(CLEAN)
    expect(new Set(rebuilt.slice(1))).toEqual(new Set(['rebuild']))
  })

  test.each(BUILT)('no packet goes astray where a class has %s', { timeout: TIMEOUT }, async (_, rules) => {
    const gentle: number[] = []
    const report = await runScenario(lab(), {
      states: statesWith(rules),
      probes: probesFor(ROUTES, ['new', 'live']),
      before({ kernel, applications }) {
        kernel.refuse(1)
        gentle.push(applications.at(-1)?.transactions ?? 0)
      },
    })
    expect(report).toMatchObject(CLEAN)
    // All of it was the gentle way: none of these fell back to one transaction.
    expect(Math.min(...gentle.slice(1))).toBeGreaterThanOrEqual(3)
  })
})

describeFlood('the whole table in one transaction', (lab) => {
  test('loses packets where a class has blocks, and the flood notices', { timeout: TIMEOUT }, async () => {
    const engine = createEngine({ isLocal: (pod) => pod.node === 'node-1', ruleset: DEFAULT_OPTIONS })
    let standing = clusterOf()
    let generation = 1
    const become = async (next: RawCluster): Promise<void> => {
      engine.apply(changesBetween(standing, next))
      standing = next
      generation += 1
      await lab().loadRuleset('node-1', rulesetText(engine.ruleset(), DEFAULT_OPTIONS, generation))
    }
    const states = statesWith(FROM_BLOCKS)
    for (const one of states) await become(one)
    let seen: readonly string[] = []
    let swaps = 0
    while (seen.length === 0 && swaps < MOST_SWAPS) {
      const found = await swapUnderFlood(lab(), { states, probes: probesFor(ROUTES, ['new']), rounds: 20, become })
      seen = thirdVerdicts(found)
      swaps += 20 * states.length
    }
    console.log(`after ${swaps} swaps: ${seen.join('; ')}`)
    expect(seen).not.toEqual([])
  })
})

// A lab of its own: other masks leave other numbers in conntrack.
describeFlood('few generations under a flood', (lab) => {
  test('numbers that are used again let no flow live that lost its right before', { timeout: TIMEOUT }, async () => {
    const given = new Set<number>()
    const report = await runScenario(lab(), {
      states: [state('web'), state('web', 'api')],
      probes: probes(),
      options: { markMask: 0x00700000 },
      before({ reconciler }) {
        given.add(reconciler.generation ?? 0)
      },
    })
    expect(report).toMatchObject(CLEAN)
    // Seven numbers, less the one that far's flows carry for ever.
    expect(given.size).toBe(6)
  })
})
