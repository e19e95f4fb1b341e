import { expect, test } from 'vitest'
import { clusterOf } from '../oracle/make-objects.ts'
import type { RawRule } from '../oracle/raw-cluster.ts'
import { addressOf, describeFlood, podsOf } from './flood-lab.ts'
import { probesFor } from './flood-probe.ts'
import { app, doors, ingress, udp } from './policies.ts'
import { CLEAN, runScenario } from './run-scenario.ts'

// trap 59: sets and maps that come with a class, interval sets above all, stand before a packet looks into them

const TIMEOUT = 300_000
const WEB: RawRule = { from: [app('web')], ports: [udp(80), udp(1000, 1999)] }

const db = (...rules: readonly RawRule[]) => clusterOf(...podsOf(), ingress('db', { app: 'db' }, WEB, ...rules))

const STEADY = [
  { from: 'web', to: 'db', port: 80 },
  { from: 'web', to: 'db', port: 1500 },
  { from: 'far', to: 'db', port: 1500 },
] as const

describeFlood('layouts under a flood', (lab) => {
  test('rules, a map of ports, one merged set, and back', { timeout: TIMEOUT }, async () => {
    const states = [db(), db(...doors(6)), db(...doors(140)), db(...doors(6))]
    const probes = [
      ...probesFor(STEADY, ['new', 'live']),
      ...probesFor([{ from: 'cache', to: 'db', port: 3003 }], ['new']),
    ]
    expect(await runScenario(lab(), { states, probes })).toMatchObject(CLEAN)
  })

  test('merged sets that give way to each other', { timeout: TIMEOUT }, async () => {
    const states = [db(...doors(140)), db(...doors(141), { from: [app('api')], ports: [udp(80)] })]
    const probes = [
      ...probesFor(STEADY, ['new', 'live']),
      ...probesFor(
        [
          { from: 'cache', to: 'db', port: 4392 },
          { from: 'api', to: 'db', port: 80 },
        ],
        ['new'],
      ),
    ]
    expect(await runScenario(lab(), { states, probes })).toMatchObject(CLEAN)
  })

  test('a long set that keeps its name while grants come and go, also one that cuts a range anew', {
    timeout: TIMEOUT,
  }, async () => {
    const states = [
      db(...doors(140)),
      db(...doors(140), { from: [app('cache'), app('api')], ports: [udp(3032)] }),
      db(...doors(140), { from: [app('api')], ports: [udp(2500, 2510), udp(2600)] }),
    ]
    const probes = [
      ...probesFor(
        [...STEADY, ...[3031, 3032, 3035].map((port) => ({ from: 'cache', to: 'db', port }) as const)],
        ['new', 'live'],
      ),
      ...probesFor(
        [3032, 2505, 2600].map((port) => ({ from: 'api', to: 'db', port }) as const),
        ['new'],
      ),
    ]
    expect(await runScenario(lab(), { states, probes })).toMatchObject(CLEAN)
  })

  test('a few blocks, many, and many others', { timeout: TIMEOUT }, async () => {
    const one = (name: 'web' | 'api') => [`${addressOf(name, 'IPv4')}/32`, `${addressOf(name, 'IPv6')}/128`]
    const many = (third: number) =>
      Array.from({ length: 12 }, (_, index) => [
        `10.${third}.${2 * index}.0/24`,
        `fd55:${third}:${2 * index}::/64`,
      ]).flat()
    const blocks = (cidrs: readonly string[]) =>
      clusterOf(
        ...podsOf(),
        ingress('db', { app: 'db' }, { from: cidrs.map((cidr) => ({ ipBlock: { cidr } })), ports: [udp(80)] }),
        ingress('cache', { app: 'cache' }, { from: cidrs.map((cidr) => ({ ipBlock: { cidr } })) }),
      )
    const states = [
      blocks(one('web')),
      blocks([...one('web'), ...many(1)]),
      blocks([...one('web'), ...one('api'), ...many(2)]),
    ]
    const probes = probesFor(
      [
        { from: 'web', to: 'db', port: 80 },
        { from: 'far', to: 'db', port: 80 },
        { from: 'web', to: 'cache', port: 80 },
        { from: 'api', to: 'cache', port: 80 },
      ],
      ['new', 'live'],
    )
    expect(await runScenario(lab(), { states, probes })).toMatchObject(CLEAN)
  })
})
