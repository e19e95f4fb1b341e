import fc from 'fast-check'
import { expect, test } from 'vitest'
import { generateBaseline } from '../../compiler/policy-test/generate-baseline.ts'
import { clusters } from '../arbitraries/clusters.ts'
import { interestingConnections } from '../arbitraries/connections.ts'
import { oracle } from '../oracle/oracle.ts'
import { ownerOf } from '../oracle/owner-of.ts'
import type { RawCluster, RawPod } from '../oracle/raw-cluster.ts'
import { staysOnNode } from '../oracle/stays-on-node.ts'
import { hold } from '../policy-test/hold.ts'
import { lawParameters } from '../support/law-parameters.ts'
import { askedCluster } from './ask-cluster.ts'

/** Policies less one rule of one of them. */
function withoutOneRule(raw: RawCluster, choice: number): RawCluster | undefined {
  const rules = raw.policies.flatMap((policy, index) =>
    (['ingress', 'egress'] as const).flatMap((direction) =>
      (policy.spec?.[direction] ?? []).map((_, rule) => ({ index, direction, rule })),
    ),
  )
  const one = rules[choice % Math.max(rules.length, 1)]
  if (one === undefined) return undefined
  const policies = raw.policies.map((policy, index) =>
    index !== one.index || !policy.spec
      ? policy
      : {
          ...policy,
          spec: {
            ...policy.spec,
            // Without its last egress rule a policy that says no types would not isolate for egress any more.
            policyTypes: policy.spec.policyTypes ?? [
              'Ingress',
              ...((policy.spec.egress ?? []).length > 0 ? ['Egress'] : []),
            ],
            [one.direction]: (policy.spec[one.direction] ?? []).filter((_, rule) => rule !== one.rule),
          },
        },
  )
  return { ...raw, policies }
}

test('a baseline holds of what it was made of, and fails when a grant is deleted that gave somebody something', () => {
  const met = { held: 0, failed: 0, idle: 0, leftOut: 0 }
  fc.assert(
    fc.property(clusters(), fc.nat(), (raw, choice) => {
      // Names that two pods share are nobody's, and a host has no labels to go by.
      const names = raw.pods.map(({ metadata }) => `${metadata.namespace ?? 'default'}/${metadata.name}`)
      fc.pre(new Set(names).size === names.length)
      const { tests: baseline, leftOut } = generateBaseline(askedCluster(raw))
      if (baseline.length === 0) {
        expect(raw.pods.filter(isGoverned)).toEqual([])
        return
      }
      if (leftOut > 0) met.leftOut += 1
      const wrong = hold(askedCluster(raw), baseline).filter(({ status }) => status !== 'passed')
      expect(
        wrong.map(({ assertion, failures, problem }) => [
          JSON.stringify(assertion.name),
          problem,
          ...failures.map(({ text }) => text),
        ]),
      ).toEqual([])
      met.held += baseline.length
      const less = withoutOneRule(raw, choice)
      // What is left out of it, it does not tell.
      if (less === undefined || leftOut > 0) return
      const [before, after] = [oracle(raw), oracle(less)]
      const lost = interestingConnections(raw, 120).filter(
        (connection) => !staysOnNode(raw, connection) && before(connection).allowed && !after(connection).allowed,
      )
      // Of the baseline's lines: pods that are governed, at one end or both.
      const told = lost.filter(({ source, destination }) => [source, destination].some((end) => ownerOf(end, raw.pods)))
      if (told.length === 0) {
        met.idle += 1
        return
      }
      const results = hold(askedCluster(less), baseline)
      expect({ lost: told[0], failed: results.some(({ status }) => status !== 'passed') }).toEqual({
        lost: told[0],
        failed: true,
      })
      met.failed += 1
    }),
    lawParameters(60),
  )
  expect(Math.min(met.held, met.failed, met.idle)).toBeGreaterThan(0)
})

/** Can policy say anything of it? */
function isGoverned({ spec, status }: RawPod): boolean {
  return spec?.hostNetwork !== true && status?.phase !== 'Succeeded' && status?.phase !== 'Failed'
}
