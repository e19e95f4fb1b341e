import { expect, test } from 'vitest'
import type { RawObject } from '../oracle/raw-cluster.ts'
import { graphVerdict, textAllows, textAllowsReply } from './verdicts.ts'
import { createWorld, type World } from './world.ts'

/** A trap: the objects, and verdicts by connection, such as `10.0.0.1 > 10.0.0.2 TCP/80`. */
export interface TrapRow {
  readonly trap: string
  readonly objects: readonly RawObject[]
  readonly allows?: readonly string[]
  readonly denies?: readonly string[]
}

/** One test a row: the verdicts must stand in the graph, and in the text as it is walked by packets of both ways. */
export function testTraps(rows: readonly TrapRow[]): void {
  test.each(rows)('$trap', ({ objects, ...verdicts }) => {
    for (const order of [objects, objects.toReversed()]) {
      const world = createWorld()
      world.put(...order)
      expectVerdicts(world, verdicts)
    }
  })
}

export function expectVerdicts(world: World, expected: Pick<TrapRow, 'allows' | 'denies'>): void {
  const { allows: allowed = [], denies: denied = [] } = expected
  expect(allowed.length + denied.length).toBeGreaterThan(0)
  const verdicts = (text: string) => ({
    text,
    graph: graphVerdict(world.engine, text).allowed,
    table: textAllows(world.table, text),
    reply: textAllowsReply(world.table, text),
  })
  const wanted = (all: boolean) => (text: string) => ({ text, graph: all, table: all, reply: all })
  expect([...allowed, ...denied].map(verdicts)).toEqual([...allowed.map(wanted(true)), ...denied.map(wanted(false))])
}
