import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import type { AuditOptions } from '../../compiler/objects/is-audited.ts'
import { auditedClusters } from '../arbitraries/audited.ts'
import { clustersWithRefusedPolicy } from '../arbitraries/refused-policies.ts'
import { lawParameters } from '../support/law-parameters.ts'
import { auditIsOracle, comingIsAsked } from './audit-is-oracle.ts'
import { putOf } from './changes-of.ts'

test('an audited policy changes no verdict; told is exactly what passes and would not, were it enforced', () => {
  const met = { allowed: 0, denied: 0, told: 0, notTold: 0 }
  const law = fc.property(auditedClusters(), (cluster) => {
    const fates = auditIsOracle(cluster)
    for (const fate of ['allowed', 'denied', 'told', 'notTold'] as const) met[fate] += fates[fate]
  })
  fc.assert(law, lawParameters(150))
  console.log(`met: ${JSON.stringify(met)}`)
  expect(met.told).toBeGreaterThan(200)
  expect(met.notTold).toBeGreaterThan(0)
})

test('so it is where the API server would refuse a policy: audited it closes nothing', () => {
  fc.assert(
    fc.property(auditedClusters(clustersWithRefusedPolicy()), (cluster) => void auditIsOracle(cluster)),
    lawParameters(80),
  )
})

test('an audited policy that comes and would deny what is live begins a generation', () => {
  let asked = 0
  fc.assert(
    fc.property(auditedClusters(), (cluster) => {
      asked += Number(comingIsAsked(cluster))
    }),
    lawParameters(200),
  )
  expect(asked).toBeGreaterThan(20)
})

test('who may say that a policy is audited', () => {
  const states = (policy: object, namespace: object, options: AuditOptions) => {
    const engine = createEngine({ isLocal: () => true, ruleset: DEFAULT_OPTIONS, audit: options })
    const raw = [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', annotations: namespace } },
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'p', namespace: 'shop', annotations: policy },
        spec: { podSelector: {} },
      },
    ]
    // The namespace comes last, and then goes.
    engine.apply(raw.toReversed().flatMap((one) => putOf(one)))
    const before = engine.worlds().audited.length > 0
    engine.apply([{ type: 'remove', kind: 'Namespace', namespace: '', name: 'shop' }])
    return { before, without: engine.worlds().audited.length > 0 }
  }
  const [mode, monitor] = ['selvedge.io/mode', 'kube-router.io/network-policy.monitor']
  const options = (audit: AuditOptions['audit'], readKubeRouterMonitor = false) => ({ audit, readKubeRouterMonitor })
  const [audit, enforce, none] = [{ [mode]: 'audit' }, { [mode]: 'enforce' }, {}]
  const [yes, no] = [
    { before: true, without: true },
    { before: false, without: false },
  ]
  for (const [policy, namespace, given, wanted] of [
    [audit, none, options('policies'), yes],
    [audit, none, options('off', true), no],
    [{ [mode]: 'Audit' }, none, options('namespaces', true), no],
    [{ [mode]: 'true' }, none, options('policies'), no],
    [none, audit, options('policies'), no],
    [none, audit, options('namespaces'), { before: true, without: false }],
    [enforce, audit, options('namespaces'), no],
    [audit, enforce, options('namespaces'), yes],
    [{ [monitor]: 'true' }, none, options('policies'), no],
    [{ [monitor]: 'true' }, none, options('policies', true), yes],
    [{ [monitor]: 'yes' }, none, options('policies', true), no],
    [{ ...enforce, [monitor]: 'true' }, none, options('policies', true), no],
  ] as const) {
    expect(states(policy, namespace, given), JSON.stringify([policy, namespace, given])).toEqual(wanted)
  }
})
