import fc from 'fast-check'
import { expect, test } from 'vitest'
import { generateBaseline } from '../../compiler/policy-test/generate-baseline.ts'
import { clusters } from '../arbitraries/clusters.ts'
import { interestingConnections } from '../arbitraries/connections.ts'
import { oracle } from '../oracle/oracle.ts'
import { addressesOf, ownerOf } from '../oracle/owner-of.ts'
import type { RawPod } from '../oracle/raw-cluster.ts'
import { staysOnNode } from '../oracle/stays-on-node.ts'
import { hold } from '../policy-test/hold.ts'
import { lawParameters } from '../support/law-parameters.ts'
import { askedCluster } from './ask-cluster.ts'
import { deletedRules, lostToStrangers } from './deleted-rules.ts'

test('a baseline holds of what it was made of, and fails when any grant is deleted that gave somebody something', () => {
  const met = { held: 0, pods: 0, outside: 0, strangers: 0, idle: 0 }
  fc.assert(
    fc.property(clusters(), (raw) => {
      // Names that two pods share are nobody's, and a host has no labels to go by.
      const names = raw.pods.map(({ metadata }) => `${metadata.namespace ?? 'default'}/${metadata.name}`)
      fc.pre(new Set(names).size === names.length)
      const { tests: baseline, leftOut } = generateBaseline(askedCluster(raw))
      if (baseline.length === 0) {
        expect(raw.pods.filter(isGoverned)).toEqual([])
        return
      }
      const wrong = hold(askedCluster(raw), baseline).filter(({ status }) => status !== 'passed')
      expect(
        wrong.map(({ assertion, failures, problem }) => [
          JSON.stringify(assertion.name),
          problem,
          ...failures.map(({ text }) => text),
        ]),
      ).toEqual([])
      met.held += baseline.length
      // What is left out of it, it does not tell.
      if (leftOut > 0) return
      const before = oracle(raw)
      const connections = interestingConnections(raw, 120).filter(
        (connection) => !staysOnNode(raw, connection) && before(connection).allowed,
      )
      for (const deleted of deletedRules(raw)) {
        const after = oracle(deleted.less)
        const isPod = (address: string): boolean => ownerOf(address, raw.pods) !== undefined
        // Of the baseline's lines: pods that are governed, at one end or both.
        const lost = connections.filter(
          (connection) => !after(connection).allowed && (isPod(connection.source) || isPod(connection.destination)),
        )
        const outside = lost.filter(({ source, destination }) => !isPod(source) || !isPod(destination))
        const strangers = lost.length > 0 ? [] : lostToStrangers(raw, deleted)
        const told = lost[0] ?? strangers[0]
        if (told === undefined) {
          met.idle += 1
          continue
        }
        met[lost.length === 0 ? 'strangers' : outside.length === lost.length ? 'outside' : 'pods'] += 1
        const results = hold(askedCluster(deleted.less), baseline)
        expect({ told, rule: deleted.rule, failed: results.some(({ status }) => status !== 'passed') }).toEqual({
          told,
          rule: deleted.rule,
          failed: true,
        })
      }
    }),
    lawParameters(60),
  )
  expect(Math.min(...Object.values(met))).toBeGreaterThan(0)
})

/** Can policy say anything of it? Not of one that has no address yet. */
function isGoverned(pod: RawPod): boolean {
  const { spec, status } = pod
  return (
    addressesOf(pod).length > 0 &&
    spec?.hostNetwork !== true &&
    status?.phase !== 'Succeeded' &&
    status?.phase !== 'Failed'
  )
}
