import { expect } from 'vitest'
import type { Change } from '../../compiler/engine/change.ts'
import { createEngine } from '../../compiler/engine/create-engine.ts'
import type { Engine } from '../../compiler/engine/engine.ts'
import { DEFAULT_OPTIONS } from '../../compiler/nftables/options.ts'
import { planTransactions } from '../../compiler/nftables/plan-transactions.ts'
import { rulesetText } from '../../compiler/nftables/ruleset-text.ts'
import type { Pod } from '../../compiler/objects/objects.ts'
import { keyOf } from '../arbitraries/events.ts'
import {
  applyTransaction,
  createTable,
  GENERATION_CHAINS,
  instantsOf,
  serialize,
  type Table,
} from '../interpreter/interpreter.ts'
import { surePut } from '../laws/changes-of.ts'
import type { RawObject } from '../oracle/raw-cluster.ts'
import { graphVerdict, textAllows } from './verdicts.ts'

/** A node: an engine, and the table that its transactions make. */
export interface World {
  readonly engine: Engine
  readonly table: Table
  /** One batch each; returns the transactions. */
  put(...objects: readonly RawObject[]): readonly string[]
  remove(...objects: readonly RawObject[]): readonly string[]
  apply(changes: readonly Change[]): readonly string[]
  /** From now on these connections get, at every instant of every change, a verdict of before or of after. */
  watch(connections: readonly string[]): void
}

/** An empty node on the oldest kernel; pods of node-1 are its own unless told otherwise. */
export function createWorld(isLocal: (pod: Pod) => boolean = () => true): World {
  const engine = createEngine({ isLocal, ruleset: DEFAULT_OPTIONS })
  const table = createTable('before-6.2')
  let generation = 1
  let watched: readonly string[] = []
  applyTransaction(table, rulesetText(engine.ruleset(), DEFAULT_OPTIONS, generation))

  const verdictsNow = () => new Map(watched.map((text) => [text, graphVerdict(engine, text)]))

  function apply(changes: readonly Change[]): readonly string[] {
    const before = verdictsNow()
    const change = engine.apply(changes)
    const after = verdictsNow()
    generation += 1
    const transactions = planTransactions(change, engine.view, DEFAULT_OPTIONS, generation)
    for (const text of transactions) {
      const old = { state: table.state }
      applyTransaction(table, text)
      for (const { view } of [...instantsOf(old, table), { view: table }]) {
        for (const connection of watched) {
          const [was, is] = [before.get(connection), after.get(connection)]
          const possible = new Set(
            [was, is].flatMap((one) =>
              [was, is].map((two) => one?.egress.allowed === true && two?.ingress.allowed === true),
            ),
          )
          const seen = textAllows(view, connection)
          expect({ connection, seen, possible: [...possible] }).toEqual({
            connection,
            seen: expect.toSatisfy((verdict: boolean) => possible.has(verdict)),
            possible: [...possible],
          })
        }
      }
    }
    const whole = createTable()
    applyTransaction(whole, rulesetText(engine.ruleset(), DEFAULT_OPTIONS, generation))
    expect(serialize(table, GENERATION_CHAINS)).toBe(serialize(whole, GENERATION_CHAINS))
    return transactions
  }

  return {
    engine,
    table,
    apply,
    put: (...objects) => apply(objects.map(surePut)),
    remove: (...objects) => apply(objects.map((object) => ({ type: 'remove', ...keyOf(object) }))),
    watch(connections) {
      watched = connections
    },
  }
}

/** A node that holds these objects, given in one batch. */
export function worldOf(...objects: readonly RawObject[]): World {
  const world = createWorld()
  world.put(...objects)
  return world
}
