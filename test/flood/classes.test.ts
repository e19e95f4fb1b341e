import { expect, test } from 'vitest'
import { clusterOf } from '../oracle/make-objects.ts'
import type { RawRule } from '../oracle/raw-cluster.ts'
import { describeFlood, type PodName, podsOf } from './flood-lab.ts'
import { probesFor } from './flood-probe.ts'
import { app, ingress, udp } from './policies.ts'
import { ROLE_SWAP, ROLE_SWAP_ROUTES } from './role-swap.ts'
import { CLEAN, runScenario } from './run-scenario.ts'

// trap 43b: rules or peers swapped, a policy renamed: no verdict changes at any instant
// trap 59: a change of classes and of the sets that they read gives no packet a third verdict

const TIMEOUT = 300_000
describeFlood('classes under a flood', (lab) => {
  test('a policy written anew, renamed, or there twice, while another one takes and gives rights', {
    timeout: TIMEOUT,
  }, async () => {
    const rules: readonly RawRule[] = [
      { from: [app('web'), app('cache')], ports: [udp(80)] },
      { from: [app('api')], ports: [{ port: 81 }] },
    ]
    const turned: readonly RawRule[] = [
      { from: [app('api')], ports: [{ port: 81 }] },
      { from: [app('cache'), app('web')], ports: [udp(80)] },
    ]
    const unrelated = (name: PodName) => ingress('cache', { app: 'cache' }, { from: [app(name)], ports: [udp(80)] })
    const states = [
      clusterOf(...podsOf(), ingress('db', { app: 'db' }, ...rules), unrelated('web')),
      clusterOf(...podsOf(), ingress('db', { app: 'db' }, ...turned), unrelated('api')),
      clusterOf(...podsOf(), ingress('renamed', { app: 'db' }, ...turned), unrelated('web')),
      clusterOf(
        ...podsOf(),
        ingress('renamed', { app: 'db' }, ...rules),
        ingress('db', { app: 'db' }, ...rules),
        unrelated('api'),
      ),
    ]
    const probes = [
      ...probesFor(
        [
          { from: 'web', to: 'db', port: 80 },
          { from: 'api', to: 'db', port: 80 },
          { from: 'web', to: 'cache', port: 80 },
        ],
        ['new', 'live', 'remembered'],
      ),
      ...probesFor(
        [
          { from: 'api', to: 'db', port: 81, protocol: 'TCP' },
          { from: 'far', to: 'db', port: 81, protocol: 'TCP' },
        ],
        ['new'],
      ),
    ]
    expect(await runScenario(lab(), { states, probes })).toMatchObject(CLEAN)
  })

  test('two classes become one and part again', { timeout: TIMEOUT }, async () => {
    const states = [
      clusterOf(
        ...podsOf(),
        ingress('db', { app: 'db' }, { from: [app('web')], ports: [udp(80)] }),
        ingress('cache', { app: 'cache' }, { from: [app('api')], ports: [udp(80)] }),
      ),
      clusterOf(
        ...podsOf(),
        ...(['db', 'cache'] as const).map((name) =>
          ingress(name, { app: name }, { from: [app('web'), app('api')], ports: [udp(80)] }),
        ),
      ),
    ]
    const probes = probesFor(
      [
        { from: 'web', to: 'db', port: 80 },
        { from: 'api', to: 'cache', port: 80 },
        { from: 'far', to: 'db', port: 80 },
        { from: 'api', to: 'db', port: 80 },
      ],
      ['new', 'live'],
    )
    expect(await runScenario(lab(), { states, probes })).toMatchObject(CLEAN)
  })

  test('a pod’s class and the sets that it reads change in one batch', { timeout: TIMEOUT }, async () => {
    const probes = probesFor(ROLE_SWAP_ROUTES, ['new', 'live'])
    expect(await runScenario(lab(), { states: ROLE_SWAP, probes })).toMatchObject(CLEAN)
  })
})
