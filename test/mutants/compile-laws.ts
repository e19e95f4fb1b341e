import { deepStrictEqual, ok, strictEqual } from 'node:assert'
import fc from 'fast-check'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import { judge } from '../../compiler/graph/judge.ts'
import { peersKey } from '../../compiler/graph/peers.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import { auditedClusters } from '../arbitraries/audited.ts'
import { clusters } from '../arbitraries/clusters.ts'
import { interestingConnections } from '../arbitraries/connections.ts'
import { events } from '../arbitraries/events.ts'
import { manyPorts } from '../arbitraries/many-ports.ts'
import { clustersWithRefusedPolicy } from '../arbitraries/refused-policies.ts'
import { respell } from '../arbitraries/respell.ts'
import { allows, allowsReply, applyTransaction, createTable } from '../interpreter/interpreter.ts'
import { auditIsOracle, comingIsAsked } from '../laws/audit-is-oracle.ts'
import { changesOf } from '../laws/changes-of.ts'
import { engineOf, textOf } from '../laws/compile-cluster.ts'
import { forgeryIsDenied, outputIsOracle } from '../laws/output-is-oracle.ts'
import { packetsAreRecorded } from '../laws/recorded-packets.ts'
import { textConnection } from '../laws/text-connection.ts'
import { oracle } from '../oracle/oracle.ts'
import type { RawCluster } from '../oracle/raw-cluster.ts'
import { check } from './check.ts'
import { portsForAnyone } from './journeys.ts'
import { questionOf } from '../laws/question-of.ts'

/** From objects to graph to text: what comes out means what went in, in one form, whatever the way. */
export const COMPILE_LAWS = {
  'graph is oracle': () => check(clusters(), 150, graphIsOracle),
  'graph is oracle, policies refused': () => check(clustersWithRefusedPolicy(), 150, graphIsOracle),

  'text is graph': () => check(clusters(), 100, textIsGraph),
  'text is graph, with ports for anyone': () => check(crowded(7, 40).map(portsForAnyone), 25, textIsGraph),
  'text is graph, with a dispatch': () => check(crowded(7, 40), 25, textIsGraph),
  'text is graph, with merged sets': () => check(crowded(350, 360), 4, textIsGraph),

  'at output the text is the oracle': () => {
    forgeryIsDenied()
    check(clusters(), 40, (cluster) => void outputIsOracle(cluster))
  },

  'an audited policy decides nothing': () => check(auditedClusters(), 60, (cluster) => void auditIsOracle(cluster)),
  'an audited policy is asked of live flows': () =>
    check(auditedClusters(), 100, (cluster) => void comingIsAsked(cluster)),

  'what happened is noted': () =>
    check(fc.tuple(clusters(), fc.boolean()), 60, ([cluster, observe]) => void packetsAreRecorded(cluster, observe)),
  'nothing that an older nft stumbles over': () => check(crowded(7, 40), 20, oldNftsBearIt),

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
      const changes = [...changesOf(history)]
      while (changes.length > 0) engine.apply(changes.splice(0, sizes.next().value ?? 1))
      strictEqual(textOf(engine), textOf(engineOf(cluster)))
    }),
}

function graphIsOracle(cluster: RawCluster): void {
  const verdict = oracle(cluster)
  const graph = engineOf(cluster).graph()
  for (const one of interestingConnections(cluster, 200)) {
    deepStrictEqual({ one, verdict: judge(graph, questionOf(one)) }, { one, verdict: verdict(one) })
  }
}

/** What test/kernel/other-nft.test.ts and byteorder.test.ts ask other nfts, in the words of the text. */
function oldNftsBearIt(cluster: RawCluster): void {
  const text = textOf(engineOf(cluster))
  for (const [, declared = ''] of text.matchAll(/^ {2}map \S+ \{\n {4}(.*)$/gm))
    ok(declared.startsWith('typeof '), declared)
  for (const [chain, digit] of text.matchAll(/^ {2}chain [cf]([46])-[^}]*/gm)) {
    for (const [key] of chain.matchAll(
      /(?:ip6? \w+ \. )?[a-z0-9]+ \w+ \. th [sd]port|ip6? [sd]addr \. [a-z0-9]+ \w+ @/g,
    )) {
      ok(key.includes(digit === '4' ? 'ip protocol' : 'meta l4proto'), key)
    }
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
