import { parseAddress } from '../../compiler/addresses/parse-address.ts'
import type { judge } from '../../compiler/graph/judge.ts'
import { decodeRaw } from '../laws/decode-cluster.ts'
import type { Change } from '../../compiler/engine/change.ts'
import type { Connection } from '../oracle/connection.ts'
import type { RawObject } from '../oracle/raw-cluster.ts'

/** The connection as the graph's judge asks for it. */
export function questionOf({ source, destination, protocol, port }: Connection): Parameters<typeof judge>[1] {
  const [from, to] = [parseAddress(source), parseAddress(destination)]
  if (from === undefined || to === undefined) throw new Error(`not an address: ${source} or ${destination}`)
  const transport =
    protocol === 'ICMP' || protocol === 'other' ? ({ protocol: 'other' } as const) : { protocol, port: port ?? 0 }
  return { source: from, destination: to, transport }
}

/** The events that the objects are as they are now; what cannot be decoded at all is left out. */
export function putsOf(objects: readonly RawObject[]): readonly Change[] {
  return objects.flatMap((raw): readonly Change[] => {
    const object = decodeRaw(raw)
    return object === undefined ? [] : [{ type: 'put', object }]
  })
}
