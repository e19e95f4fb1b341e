import { expect, test } from 'vitest'
import { FAMILIES } from '../../compiler/addresses/address.ts'
import { clusterOf } from '../oracle/make-objects.ts'
import type { RawCluster, RawRule } from '../oracle/raw-cluster.ts'
import { addressOf, describeFlood, type PodName, podsOf } from './flood-lab.ts'
import { probesFor } from './flood-probe.ts'
import { app, doors, ingress, udp } from './policies.ts'
import { CLEAN, runScenario, type ScenarioReport } from './run-scenario.ts'

// trap 43b: a rebuild is one transaction, between whose ends there is nothing
// trap 57: a generation that comes again lets no revoked flow live

const TIMEOUT = 300_000

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

/**
 * Replacing a table takes the elements out of its verdict maps at the instant of the switch (nft_map_deactivate), and the one
 * packet that a processor then has between the first of the old rules and a map finds nothing there, which means open. So
 * one sender may see one packet astray at each rebuild; a table that is away for a moment would let through hundreds.
 */
function expectAlmostClean({ third, astray, swaps, wrong, unmoved }: ScenarioReport): void {
  expect({ wrong, unmoved }).toEqual({ wrong: [], unmoved: [] })
  expect(astray, third.join('; ')).toBeLessThanOrEqual(swaps)
}

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
    expectAlmostClean(report)
    expect(new Set(rebuilt.slice(1))).toEqual(new Set(['rebuild']))
  })

  // Known: the kernel publishes the elements of interval sets after it has switched to the new rules (nf_tables_commit calls
  // nft_set_commit_update last), so in one transaction most rebuilds lose what the sets would have let pass: seen to be 27
  // packets of each probe in 50. Until a rebuild takes more than one, only its end is held to anything here.
  test.each<readonly [string, readonly RawRule[]]>([
    ['blocks', [{ from: BLOCKS.map((cidr) => ({ ipBlock: { cidr } })), ports: [udp(3003)] }]],
    ['a map of ports', doors(6)],
    ['merged sets', doors(140)],
  ])('it ends right where a class has %s', { timeout: TIMEOUT }, async (_, rules) => {
    const withRules = (cluster: RawCluster) => ({
      ...cluster,
      policies: [...cluster.policies, ingress('api', { app: 'api' }, ...rules)],
    })
    const routes = [
      { from: 'cache', to: 'api', port: 3003 },
      { from: 'far', to: 'api', port: 3003 },
    ] as const
    const report = await runScenario(lab(), {
      states: [withRules(state('web')), withRules(state('web', 'api'))],
      probes: probesFor(routes, ['new', 'live']),
      swaps: 10,
      before: ({ kernel }) => kernel.refuse(1),
    })
    expect({ ...report, third: [] }).toMatchObject(CLEAN)
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
