import { notStrictEqual, strictEqual } from 'node:assert'
import type { Engine } from '../../compiler/engine/engine.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import { planTransactions } from '../../compiler/nftables/plan-transactions.ts'
import type { RulesetChange } from '../../compiler/nftables/ruleset.ts'
import { rulesetText } from '../../compiler/nftables/ruleset-text.ts'
import {
  applyTransaction,
  createTable,
  GENERATION_CHAINS,
  instantsOf,
  rememberedMark,
  serialize,
  type Table,
  type TableView,
} from '../interpreter/interpreter.ts'
import type { RawCluster } from '../oracle/raw-cluster.ts'
import { decodeRaw } from './decode-cluster.ts'

/**
 * Carries out what the planner makes of a change that the engine has just told: what each transaction leaves, and what a packet may
 * meet during it. Throws where the end is not what the whole text makes of it. The last state says whether the generation changed.
 */
export function* walkChange(
  table: Table,
  engine: Engine,
  change: RulesetChange,
  generation: number,
): Iterable<{ at: string; view: TableView }> {
  const transactions = planTransactions(change, engine.view, DEFAULT_OPTIONS, generation)
  for (const [index, text] of transactions.entries()) {
    const old = { state: table.state }
    applyTransaction(table, text)
    const at = `transaction ${index + 1} of ${transactions.length}`
    for (const instant of instantsOf(old, { state: table.state }))
      yield { at: `${at}, ${instant.at}`, view: instant.view }
    yield { at, view: { state: table.state } }
  }
  const fresh = createTable()
  applyTransaction(fresh, rulesetText(engine.ruleset(), DEFAULT_OPTIONS, generation))
  strictEqual(
    serialize({ state: table.state }, GENERATION_CHAINS),
    serialize({ state: fresh.state }, GENERATION_CHAINS),
  )
  if (!change.narrows) notStrictEqual(rememberedMark(table), rememberedMark(fresh))
  yield { at: change.narrows ? 'bumped' : 'not bumped', view: { state: table.state } }
}

/** Everything in a cluster that the engine is told of. */
export function objectsOf(cluster: RawCluster) {
  return [...cluster.namespaces, ...cluster.pods, ...cluster.policies]
}

/** The event that tells of an object as it is now; none where it cannot be decoded. */
export function putOf(raw: unknown) {
  const object = decodeRaw(raw)
  return object === undefined ? [] : [{ type: 'put' as const, object }]
}
