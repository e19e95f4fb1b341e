import { deepStrictEqual, ok, strictEqual } from 'node:assert'
import fc from 'fast-check'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import { judge } from '../../compiler/graph/judge.ts'
import { peersKey } from '../../compiler/graph/peers.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import { clusters } from '../arbitraries/clusters.ts'
import { interestingConnections } from '../arbitraries/connections.ts'
import { events } from '../arbitraries/events.ts'
import { respell } from '../arbitraries/respell.ts'
import { allows, allowsReply, applyTransaction, createTable } from '../interpreter/interpreter.ts'
import { engineOf, textOf } from '../laws/compile-cluster.ts'
import { oracle } from '../oracle/oracle.ts'
import type { RawCluster } from '../oracle/raw-cluster.ts'
import { changeOf, packetOf, questionOf } from './questions.ts'
import { liveThrough } from './live-through.ts'
import { crowdedClusters } from './crowded-clusters.ts'

/** The laws of test/laws in short, without a test runner, so that they run in a copy of the compiler with a fault in it. */
export const LAWS = {
  'graph is oracle': () =>
    check(clusters(), 250, (cluster) => {
      const verdict = oracle(cluster)
      const graph = engineOf(cluster).graph()
      for (const one of interestingConnections(cluster, 200))
        deepStrictEqual(judge(graph, questionOf(one)), verdict(one))
    }),

  'text is graph': () =>
    check(crowdedClusters, 150, (cluster) => {
      const engine = engineOf(cluster)
      const graph = engine.graph()
      const table = createTable()
      applyTransaction(table, textOf(engine))
      for (const one of interestingConnections(cluster, 150)) {
        const { allowed } = judge(graph, questionOf(one))
        const packet = packetOf(one)
        deepStrictEqual({ one, request: allows(table, packet) }, { one, request: allowed })
        deepStrictEqual({ one, reply: allowsReply(table, packet) }, { one, reply: allowed })
      }
    }),

  'equal meaning, equal bytes': () =>
    check(fc.tuple(clusters(), fc.integer()), 150, ([cluster, seed]) => {
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
    check(histories(clusters()), 200, ([cluster, history, sizes]) => {
      const engine = createEngine({ isLocal: () => true, ruleset: DEFAULT_OPTIONS })
      const left = history.map(changeOf)
      while (left.length > 0) engine.apply(left.splice(0, sizes.next().value ?? 1).flatMap((change) => change ?? []))
      strictEqual(textOf(engine), textOf(engineOf(cluster)))
    }),

  'old verdict or new verdict': () =>
    check(histories(crowdedClusters), 60, ([cluster, history, sizes]) => {
      liveThrough(history, sizes, interestingConnections(cluster, 60), () => undefined)
    }),

  'a right taken is taken from live flows': () =>
    check(histories(clusters()), 60, ([cluster, history, sizes]) => {
      liveThrough(history, sizes, interestingConnections(cluster, 60), ({ taken, transactions }) => {
        const bumped = transactions.some((text) => text.includes('flush chain inet selvedge forward\n'))
        ok(bumped || taken.length === 0, `taken and not judged again: ${JSON.stringify(taken[0])}`)
      })
    }),
} satisfies Readonly<Record<string, () => void>>

export type LawName = keyof typeof LAWS

/** A cluster, a history that ends in it, and how the history is cut into batches. */
function histories(some: fc.Arbitrary<RawCluster>) {
  return some.chain((cluster) =>
    fc.tuple(fc.constant(cluster), events(cluster), fc.infiniteStream(fc.integer({ min: 1, max: 8 }))),
  )
}

/** Always the same inputs; the first that fails ends it, since nobody reads the smallest one. */
function check<Input>(inputs: fc.Arbitrary<Input>, numRuns: number, law: (input: Input) => void): void {
  fc.assert(fc.property(inputs, law), { seed: 20_261, numRuns, endOnFailure: true })
}
