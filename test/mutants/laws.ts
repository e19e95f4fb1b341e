import { deepStrictEqual, ok, strictEqual } from 'node:assert'
import fc from 'fast-check'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import { judge } from '../../compiler/graph/judge.ts'
import { peersKey } from '../../compiler/graph/peers.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import { explainConnection } from '../../compiler/explain/explain-connection.ts'
import { clusters } from '../arbitraries/clusters.ts'
import { interestingConnections } from '../arbitraries/connections.ts'
import { events } from '../arbitraries/events.ts'
import { policies } from '../arbitraries/policies.ts'
import { manyPorts } from '../arbitraries/many-ports.ts'
import { clustersWithRefusedPolicy } from '../arbitraries/refused-policies.ts'
import { nodeConnections } from '../arbitraries/node-connections.ts'
import { nodePortQuestions } from '../arbitraries/node-ports.ts'
import { someNodes } from '../arbitraries/nodes.ts'
import { respell } from '../arbitraries/respell.ts'
import { allows, allowsReply, applyTransaction, createTable } from '../interpreter/interpreter.ts'
import { askedCluster } from '../laws/ask-cluster.ts'
import { engineOf, textOf } from '../laws/compile-cluster.ts'
import { nodePortOutcomes } from '../laws/node-port-outcomes.ts'
import { textConnection } from '../laws/text-connection.ts'
import { oracle } from '../oracle/oracle.ts'
import { staysOnNode } from '../oracle/stays-on-node.ts'
import type { RawCluster } from '../oracle/raw-cluster.ts'
import { withHost } from '../laws/host-pairs.ts'
import { lintIsRight } from './lint-law.ts'
import { differenceIsOracle, edgesAreOracle, hostEdgesAreOracle } from './reach-laws.ts'
import { loopKeepsOrder, reconcilerKeepsOrder } from './agent-order.ts'
import { journeys, portsForAnyone } from './journeys.ts'
import { liveThrough } from './live-through.ts'
import { mergedJourneys } from './merged-set-journeys.ts'
import { OF_THE_MOVING_POD, SHARED_SET_JOURNEYS } from './shared-set-journeys.ts'
import { readsBack } from './read-back.ts'
import { putsOf, questionOf } from './questions.ts'

/** The laws of test/laws in short, without a test runner, so that they run in a copy of the compiler with a fault in it. */
export const LAWS = {
  'the reconciler keeps its order': reconcilerKeepsOrder,
  'the work loop keeps its order': loopKeepsOrder,

  'graph is oracle': () => check(clusters(), 150, graphIsOracle),
  'graph is oracle, policies refused': () => check(clustersWithRefusedPolicy(), 150, graphIsOracle),

  'text is graph': () => check(clusters(), 100, textIsGraph),
  'text is graph, with ports for anyone': () => check(crowded(7, 40).map(portsForAnyone), 25, textIsGraph),
  'text is graph, with a dispatch': () => check(crowded(7, 40), 25, textIsGraph),
  'text is graph, with merged sets': () => check(crowded(350, 360), 4, textIsGraph),

  'equal meaning, equal bytes': () =>
    check(fc.tuple(clusters(), fc.integer()), 100, ([cluster, seed]) => {
      strictEqual(textOf(engineOf(respell(cluster, seed))), textOf(engineOf(cluster)))
    }),

  'neighbours differ': () =>
    check(clusters(), 200, (cluster) => {
      for (const { ingress, egress } of engineOf(cluster).graph().pods.values()) {
        for (const side of [ingress, egress]) {
          const list = side === 'open' ? [] : side.list
          for (const [index, { ports, peers }] of list.entries()) {
            const next = list[index + 1]
            if (ports.kind !== 'range' || next?.ports.kind !== 'range') continue
            const touch = ports.protocol === next.ports.protocol && ports.to + 1 === next.ports.from
            ok(!touch || peersKey(peers) !== peersKey(next.peers))
          }
        }
      }
    }),

  'any order, one end': () =>
    check(histories, 120, ([cluster, history, sizes]) => {
      const engine = createEngine({ isLocal: () => true, ruleset: DEFAULT_OPTIONS })
      const changes = history.flatMap((event) => (event.type === 'remove' ? [event] : putsOf([event.object])))
      while (changes.length > 0) engine.apply(changes.splice(0, sizes.next().value ?? 1))
      strictEqual(textOf(engine), textOf(engineOf(cluster)))
    }),

  'old verdict or new verdict': () => {
    for (const stages of SHARED_SET_JOURNEYS) liveThrough(stages, OF_THE_MOVING_POD)
    check(journeys, 40, (stages) => void liveThrough(stages, watchedIn(stages)))
  },

  'what stands reads as what was written, and nothing else does': readsBack,
  'interval sets are late': () => {
    for (const { before, after, watched } of mergedJourneys()) liveThrough([before, after], watched)
  },

  'a right taken is taken from live flows': () =>
    check(journeys, 40, (stages) => {
      for (const { taken, transactions } of liveThrough(stages, watchedIn(stages))) {
        const isBumped = transactions.some((text) => text.includes('flush chain inet selvedge forward\n'))
        ok(isBumped || taken.length === 0, `taken and not judged again: ${JSON.stringify(taken[0])}`)
      }
    }),

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

  'explain sees what hooks see of a node port': () =>
    check(nodePortQuestions, 60, (question) => {
      for (const { source, said, wanted } of nodePortOutcomes(question)) {
        deepStrictEqual({ source, said }, { source, said: wanted })
      }
    }),
} satisfies Readonly<Record<string, () => void | Promise<void>>>

export type LawName = keyof typeof LAWS

function graphIsOracle(cluster: RawCluster): void {
  const verdict = oracle(cluster)
  const graph = engineOf(cluster).graph()
  for (const one of interestingConnections(cluster, 200)) {
    deepStrictEqual({ one, verdict: judge(graph, questionOf(one)) }, { one, verdict: verdict(one) })
  }
}

function textIsGraph(cluster: RawCluster): void {
  const engine = engineOf(cluster)
  const graph = engine.graph()
  const table = createTable()
  applyTransaction(table, textOf(engine))
  for (const one of interestingConnections(cluster, 150)) {
    const { allowed } = judge(graph, questionOf(one))
    const packet = textConnection(one)
    const found = { request: allows(table, packet), reply: allowsReply(table, packet) }
    deepStrictEqual({ one, ...found }, { one, request: allowed, reply: allowed })
  }
}

function crowded(least: number, most: number): fc.Arbitrary<RawCluster> {
  return clusters().chain((cluster) => manyPorts(cluster, least, most))
}

/** A cluster, a history that ends in it, and how the history is cut into batches. */
const histories = clusters().chain((cluster) =>
  fc.tuple(fc.constant(cluster), events(cluster), fc.infiniteStream(fc.integer({ min: 1, max: 6 }))),
)

function watchedIn(stages: readonly RawCluster[]) {
  return stages.flatMap((cluster) => interestingConnections(cluster, 30))
}

/** Always the same inputs; the first that fails ends it, since nobody reads the smallest one. */
function check<Input>(inputs: fc.Arbitrary<Input>, numRuns: number, law: (input: Input) => void): void {
  fc.assert(fc.property(inputs, law), { seed: 20_261, numRuns, endOnFailure: true })
}
