import { ok, strictEqual } from 'node:assert'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import { judge, type Verdict } from '../../compiler/graph/judge.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import { planTransactions } from '../../compiler/nftables/plan-transactions.ts'
import { rulesetText } from '../../compiler/nftables/ruleset-text.ts'
import type { Event } from '../arbitraries/events.ts'
import {
  allows,
  applyTransaction,
  createTable,
  GENERATION_CHAINS,
  serialize,
  tornTables,
} from '../interpreter/interpreter.ts'
import type { Connection } from '../oracle/connection.ts'
import { changeOf, packetOf, questionOf } from './questions.ts'

/** One batch: the transactions that were carried out, and the watched connections that lost their right by it. */
export interface Lived {
  readonly transactions: readonly string[]
  readonly taken: readonly Connection[]
}

/**
 * Applies a history batch by batch to a table on the oldest kernel. Every watched connection gets, per direction, the verdict
 * of before or of after at every instant; after each batch the table is what the whole text makes.
 */
export function liveThrough(
  history: readonly Event[],
  sizes: Iterator<number>,
  watched: readonly Connection[],
  see: (lived: Lived) => void,
): void {
  const engine = createEngine({ isLocal: () => true, ruleset: DEFAULT_OPTIONS })
  const table = createTable('before-6.2')
  applyTransaction(table, rulesetText(engine.ruleset(), DEFAULT_OPTIONS, 1))
  const packets = watched.map(packetOf)
  const verdicts = (): readonly Verdict[] => {
    const graph = engine.graph()
    return watched.map((one) => judge(graph, questionOf(one)))
  }
  const left = [...history]
  let before = verdicts()
  for (let generation = 2; left.length > 0; generation++) {
    const change = engine.apply(left.splice(0, sizes.next().value ?? 1).flatMap((event) => changeOf(event) ?? []))
    const after = verdicts()
    const transactions = planTransactions(change, engine.view, DEFAULT_OPTIONS, generation)
    for (const text of transactions) {
      const old = { state: table.state }
      applyTransaction(table, text)
      for (const view of [tornTables(old, table), tornTables(table, old), table]) {
        for (const [index, packet] of packets.entries()) {
          ok(
            possible(allows(view, packet), before[index], after[index]),
            `a third verdict: ${JSON.stringify(watched[index])}`,
          )
        }
      }
    }
    const whole = createTable()
    applyTransaction(whole, rulesetText(engine.ruleset(), DEFAULT_OPTIONS, generation))
    strictEqual(serialize(table, GENERATION_CHAINS), serialize(whole, GENERATION_CHAINS))
    see({
      transactions,
      taken: watched.filter((_, index) => before[index]?.allowed === true && !after[index]?.allowed),
    })
    before = after
  }
}

function possible(seen: boolean, ...[before, after]: readonly (Verdict | undefined)[]): boolean {
  const ends = [before, after]
  return ends.some((one) =>
    ends.some((two) => seen === (one?.egress.allowed === true && two?.ingress.allowed === true)),
  )
}
