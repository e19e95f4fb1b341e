import { parseAddress } from '../../compiler/addresses/parse-address.ts'
import type { Engine } from '../../compiler/engine/engine.ts'
import { judge, type Transport, type Verdict } from '../../compiler/graph/judge.ts'
import { allows, allowsReply, type TableView } from '../interpreter/interpreter.ts'
import { textConnection } from '../laws/text-connection.ts'
import type { Connection } from '../oracle/connection.ts'
import { parseConnection } from '../oracle/verdict-table.ts'

/** The verdict of the allow-graph. */
export function graphVerdict(engine: Engine, text: string): Verdict {
  const connection = parseConnection(text)
  const [source, destination] = [parseAddress(connection.source), parseAddress(connection.destination)]
  if (source === undefined || destination === undefined) throw new Error(`not a connection: ${text}`)
  return judge(engine.graph(), { source, destination, transport: transportOf(connection) })
}

/** Does the first packet of the connection pass the table? */
export function textAllows(table: TableView, text: string): boolean {
  return allows(table, textConnection(parseConnection(text)))
}

/** Does an answer pass when nothing of the connection is remembered? */
export function textAllowsReply(table: TableView, text: string): boolean {
  return allowsReply(table, textConnection(parseConnection(text)))
}

function transportOf({ protocol, port }: Connection): Transport {
  if (protocol === 'ICMP' || protocol === 'other') return { protocol: 'other' }
  return { protocol, port: port ?? 0 }
}
