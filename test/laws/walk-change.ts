import { notStrictEqual, strictEqual } from 'node:assert'
import type { EngineChange } from '../../compiler/engine/change.ts'
import type { Engine } from '../../compiler/engine/engine.ts'
import { DEFAULT_OPTIONS, generationMark } from '../../compiler/nftables/options.ts'
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

const [OLD_GENERATION, NEW_GENERATION] = [7, 8]

/** What remembered packets carry when a change is over that began a generation. */
export const NEW_MARK = generationMark(NEW_GENERATION, DEFAULT_OPTIONS.markMask)

/** Everything that stands between two states of an engine that is new, and what a packet may meet meanwhile; as {@link walkChange}. */
export function* statesBetween(
  engine: Engine,
  before: readonly EngineChange[],
  changes: readonly EngineChange[],
): Iterable<{ at: string; view: TableView }> {
  engine.apply(before)
  const table = createTable('before-6.2')
  applyTransaction(table, rulesetText(engine.ruleset(), DEFAULT_OPTIONS, OLD_GENERATION))
  yield { at: 'start', view: { state: table.state } }
  yield* walkChange(table, engine, engine.apply(changes), NEW_GENERATION)
}

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
