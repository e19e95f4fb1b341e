import { expect, test } from 'vitest'
import { clusterOf, namespace } from '../oracle/make-objects.ts'
import type { RawPeer } from '../oracle/raw-cluster.ts'
import { describeFlood, podOf, podsOf } from './flood-lab.ts'
import { probesFor } from './flood-probe.ts'
import { app, by, egress, ingress, udp } from './policies.ts'
import { CLEAN, runScenario } from './run-scenario.ts'

// trap 59: isolation that comes and goes, labels that move peers between sets

const TIMEOUT = 300_000

const inNamespace = (env: string): RawPeer => ({ namespaceSelector: { matchLabels: { env } }, podSelector: {} })

describeFlood('isolation and labels under a flood', (lab) => {
  test('isolation begins and ends, with a policy that goes before it comes again by another name', {
    timeout: TIMEOUT,
  }, async () => {
    const closed = egress('api', { app: 'api' })
    const open = clusterOf(...podsOf(), closed)
    const policies = (name: string) => [
      ingress(name, { app: 'db' }, { from: [app('web'), app('api')], ports: [udp(80)] }),
      egress(`${name}-out`, { app: 'db' }, { to: [app('cache')], ports: [udp(80)] }),
    ]
    const states = [
      open,
      clusterOf(...podsOf(), closed, ...policies('first')),
      open,
      clusterOf(...podsOf(), closed, ...policies('second')),
    ]
    const probes = probesFor(
      [
        { from: 'web', to: 'db', port: 80 },
        { from: 'api', to: 'db', port: 80 },
        { from: 'far', to: 'db', port: 80 },
        { from: 'db', to: 'cache', port: 80 },
        { from: 'db', to: 'web', port: 80 },
      ],
      ['new', 'live'],
    )
    expect(await runScenario(lab(), { states, probes })).toMatchObject(CLEAN)
  })

  test('a namespace changes its labels, and its pods leave one set for another', { timeout: TIMEOUT }, async () => {
    const state = (env: string) =>
      clusterOf(
        namespace('shop', { env }),
        ...podsOf(),
        // One peer has a port and one has all: two sets, of which a pod of either namespace is in one.
        ingress(
          'db',
          { app: 'db' },
          { from: [inNamespace('prod')], ports: [udp(80)] },
          { from: [inNamespace('test')] },
        ),
        egress('web', { app: 'web' }, { to: [inNamespace('prod')] }, { to: [inNamespace('test')], ports: [udp(80)] }),
        ingress('cache', { app: 'cache' }, { from: [inNamespace('stage')], ports: [udp(80)] }),
      )
    const states = [state('prod'), state('test')]
    const probes = probesFor(
      [
        { from: 'web', to: 'db', port: 80 },
        { from: 'far', to: 'db', port: 80 },
        { from: 'web', to: 'cache', port: 80 },
        { from: 'api', to: 'db', port: 81 },
      ],
      ['new', 'live', 'remembered'],
    )
    expect(await runScenario(lab(), { states, probes })).toMatchObject(CLEAN)
  })

  test('an address goes to a pod of other labels, and a pod to another namespace', { timeout: TIMEOUT }, async () => {
    const state = (role: string, home: string) => {
      const others = podsOf({ db: { role } }).filter(({ metadata }) => metadata.name !== 'web')
      return clusterOf(
        namespace('shop', { env: 'prod' }),
        namespace('forum', { env: 'test' }),
        podOf('web', {}, home),
        ...others,
        ingress(
          'one',
          { role: 'one' },
          { from: [inNamespace('prod')], ports: [udp(80)] },
          { from: [inNamespace('test')] },
        ),
        ingress('two', { role: 'two' }, { from: [inNamespace('test'), by({ app: 'api' })], ports: [udp(80)] }),
      )
    }
    const states = [state('one', 'shop'), state('two', 'forum')]
    const probes = probesFor(
      [
        { from: 'web', to: 'db', port: 80 },
        { from: 'api', to: 'db', port: 80 },
        { from: 'api', to: 'db', port: 81 },
        { from: 'far', to: 'db', port: 80 },
      ],
      ['new', 'live'],
    )
    expect(await runScenario(lab(), { states, probes })).toMatchObject(CLEAN)
  })
})
