import type { Engine } from '../../compiler/engine/engine.ts'
import { judge, type Verdict } from '../../compiler/graph/judge.ts'
import { allows, allowsReply, type TableView } from '../interpreter/interpreter.ts'
import { questionOf } from '../laws/question-of.ts'
import { textConnection } from '../laws/text-connection.ts'
import { parseConnection } from '../oracle/verdict-table.ts'

/** The verdict of the allow-graph. */
export function graphVerdict(engine: Engine, text: string): Verdict {
  return judge(engine.graph(), questionOf(parseConnection(text)))
}

/** Does the first packet of the connection pass the table? */
export function textAllows(table: TableView, text: string): boolean {
  return allows(table, textConnection(parseConnection(text)))
}

/** Does an answer pass when nothing of the connection is remembered? */
export function textAllowsReply(table: TableView, text: string): boolean {
  return allowsReply(table, textConnection(parseConnection(text)))
}
