import { parseAddress } from '../../compiler/addresses/parse-address.ts'
import type { judge } from '../../compiler/graph/judge.ts'
import type { Connection } from '../oracle/connection.ts'

/** The connection as the graph's judge asks for it. */
export function questionOf({ source, destination, protocol, port }: Connection): Parameters<typeof judge>[1] {
  const [from, to] = [parseAddress(source), parseAddress(destination)]
  if (from === undefined || to === undefined) throw new Error(`not an address: ${source} or ${destination}`)
  const transport =
    protocol === 'ICMP' || protocol === 'other' ? ({ protocol: 'other' } as const) : { protocol, port: port ?? 0 }
  return { source: from, destination: to, transport }
}
