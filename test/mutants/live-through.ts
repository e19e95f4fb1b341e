import { ok, strictEqual } from 'node:assert'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import { compareRulesets } from '../../compiler/nftables/compare-rulesets.ts'
import { judge, type Verdict } from '../../compiler/graph/judge.ts'
import { DEFAULT_OPTIONS, generationMark } from '../../compiler/nftables/options.ts'
import { planTransactions } from '../../compiler/nftables/plan-transactions.ts'
import { rulesetText } from '../../compiler/nftables/ruleset-text.ts'
import { keyOf } from '../arbitraries/events.ts'
import {
  allows,
  applyTransaction,
  createTable,
  GENERATION_CHAINS,
  instantsOf,
  rememberedMark,
  serialize,
} from '../interpreter/interpreter.ts'
import { goneBetween, objectsOf, putsOf } from '../laws/changes-of.ts'
import { textConnection } from '../laws/text-connection.ts'
import type { Connection } from '../oracle/connection.ts'
import type { RawCluster, RawObject } from '../oracle/raw-cluster.ts'
import { questionOf } from '../laws/question-of.ts'

/** One batch: the transactions that were carried out, and the watched connections that lost their right by it. */
export interface Lived {
  readonly transactions: readonly string[]
  readonly taken: readonly Connection[]
}

/** `anew`: for each batch by an agent that knows only what stands, as after a restart. */
export type Living = 'on' | 'anew'

/**
 * Goes from cluster to cluster on the oldest kernel, a batch each. Every watched connection gets, per direction, the
 * verdict of before or of after at every instant, and what is remembered under a new number is what it allows; after each batch the table is what the whole text makes.
 */
export function liveThrough(
  clusters: readonly RawCluster[],
  watched: readonly Connection[],
  living: Living = 'on',
): readonly Lived[] {
  let engine = createEngine({ isLocal: () => true, ruleset: DEFAULT_OPTIONS })
  const table = createTable('before-6.2')
  applyTransaction(table, rulesetText(engine.ruleset(), DEFAULT_OPTIONS, 1))
  const packets = watched.map(textConnection)
  const verdicts = (): readonly Verdict[] => {
    const graph = engine.graph()
    return watched.map((one) => judge(graph, questionOf(one)))
  }
  let standing: readonly RawObject[] = []
  return clusters.map((cluster, index) => {
    const objects = objectsOf(cluster)
    const gone = goneBetween(standing, objects)
    // As the agent hears it: what has not changed is not told again.
    const known = new Map(standing.map((one) => [nameOf(one), JSON.stringify(one)]))
    const told = objects.filter((one) => known.get(nameOf(one)) !== JSON.stringify(one))
    standing = objects
    const before = verdicts()
    const stood = engine.ruleset()
    if (living === 'anew') engine = createEngine({ isLocal: () => true, ruleset: DEFAULT_OPTIONS })
    const change =
      living === 'on'
        ? engine.apply([...gone, ...putsOf(told)])
        : (engine.apply(putsOf(objects)), compareRulesets(stood, engine.ruleset()))
    const after = verdicts()
    const next = index + 2
    const transactions = planTransactions(change, engine.view, DEFAULT_OPTIONS, next)
    for (const text of transactions) {
      const old = { state: table.state }
      applyTransaction(table, text)
      for (const { view } of [...instantsOf(old, table), { view: table }]) {
        const remembers = rememberedMark(view) === generationMark(next, DEFAULT_OPTIONS.markMask)
        for (const [at, packet] of packets.entries()) {
          const seen = allows(view, packet)
          ok(isPossible(seen, [before[at], after[at]]), `a third verdict: ${JSON.stringify(watched[at])} ${seen}`)
          ok(!(seen && remembers) || after[at]?.allowed, `remembered for good: ${JSON.stringify(watched[at])}`)
        }
      }
    }
    const whole = createTable()
    applyTransaction(whole, rulesetText(engine.ruleset(), DEFAULT_OPTIONS, 1))
    strictEqual(serialize(table, GENERATION_CHAINS), serialize(whole, GENERATION_CHAINS))
    return { transactions, taken: watched.filter((_, at) => before[at]?.allowed === true && !after[at]?.allowed) }
  })
}

function nameOf(object: RawObject): string {
  return Object.values(keyOf(object)).join('/')
}

function isPossible(seen: boolean, ends: readonly (Verdict | undefined)[]): boolean {
  return ends.some((one) =>
    ends.some((two) => seen === (one?.egress.allowed === true && two?.ingress.allowed === true)),
  )
}
