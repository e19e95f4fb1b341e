import { deepStrictEqual, ok } from 'node:assert'
import fc from 'fast-check'
import { explainConnection } from '../../compiler/explain/explain-connection.ts'
import { clusters } from '../arbitraries/clusters.ts'
import { interestingConnections } from '../arbitraries/connections.ts'
import { nodeConnections } from '../arbitraries/node-connections.ts'
import { nodePortQuestions } from '../arbitraries/node-ports.ts'
import { someNodes } from '../arbitraries/nodes.ts'
import { policies } from '../arbitraries/policies.ts'
import { askedCluster } from '../laws/ask-cluster.ts'
import { withHost } from '../laws/host-pairs.ts'
import { nodePortOutcomes } from '../laws/node-port-outcomes.ts'
import { oracle } from '../oracle/oracle.ts'
import { absentEnds, absentEndsAreRight } from '../laws/absent-ends.ts'
import { cutsAreRight } from '../laws/cuts-are-right.ts'
import { suggestible, suggestionIsRight } from '../laws/suggestion-is-right.ts'
import { staysOnNode } from '../oracle/stays-on-node.ts'
import { baselineIsRight } from './baseline-law.ts'
import { check } from './check.ts'
import { lintIsRight } from './lint-law.ts'
import { policyTestsAreRight } from './policy-test-law.ts'
import { questionOf } from '../laws/question-of.ts'
import { differenceIsOracle, edgesAreOracle, hostEdgesAreOracle } from './reach-laws.ts'

/** What people are told: graph, diff, lint and explain say what the oracle says. */
export const ANSWER_LAWS = {
  'edges are oracle': () => check(clusters(), 80, edgesAreOracle),
  'a difference is what opens and closes': () =>
    check(fc.tuple(clusters(), policies), 60, ([before, others]) =>
      differenceIsOracle(before, { ...before, policies: others }),
    ),
  'host edges are oracle': () =>
    check(fc.tuple(clusters(), fc.nat({ max: 9 })), 60, ([cluster, chosen]) =>
      hostEdgesAreOracle(withHost(cluster, chosen)),
    ),
  'lint is right': lintIsRight,
  'policy tests are right': policyTestsAreRight,
  'a baseline of policy tests is right': baselineIsRight,

  'explain is oracle': () =>
    check(fc.tuple(clusters(), someNodes), 60, ([raw, nodes]) => {
      const cluster = { ...raw, nodes }
      const asked = askedCluster(cluster)
      const verdict = oracle(cluster)
      for (const one of [...interestingConnections(cluster, 60), ...nodeConnections(cluster)]) {
        const { allowed, egress, ingress } = explainConnection(asked, questionOf(one))
        const stays = staysOnNode(cluster, one)
        deepStrictEqual({ one, allowed }, { one, allowed: stays || verdict(one).allowed })
        for (const { allowed: isAllowed, isolatedBy, grantedBy } of [egress, ingress]) {
          // Who is denied, or needs no rule, is granted nothing.
          const isGranted = isAllowed && isolatedBy.length > 0 && !stays && one.source !== one.destination
          ok(!isAllowed || isGranted || grantedBy.length === 0, JSON.stringify({ one, grantedBy }))
        }
      }
    }),

  'of what was seen a change cuts what it cuts': () =>
    check(fc.tuple(clusters(), policies), 60, ([cluster, others]) => void cutsAreRight(cluster, others)),
  'an end that is in neither input is not thought to stay': () =>
    check(absentEnds, 1_200, (inputs) => void absentEndsAreRight(inputs)),
  'a suggestion is right': () =>
    check(fc.tuple(suggestible, fc.nat({ max: 2 })), 200, ([cluster, seed]) => {
      suggestionIsRight(cluster, { seed, namespace: 'shop', closeUnseen: seed === 0 })
    }),

  'explain sees what hooks see of a node port': () =>
    check(nodePortQuestions, 60, (question) => {
      for (const { source, said, wanted } of nodePortOutcomes(question)) {
        deepStrictEqual({ source, said }, { source, said: wanted })
      }
    }),
}
