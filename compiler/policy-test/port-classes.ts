import { PROTOCOLS } from '../objects/protocol.ts'
import {
  intersectPortSets,
  isNoPort,
  NO_PORT,
  ofProtocol,
  OTHER_PROTOCOLS,
  type PortSet,
  unionPortSets,
} from '../reach/port-set.ts'

/** Somebody, and the ports that are theirs. */
export interface Holder {
  readonly id: string
  readonly ports: PortSet
}

/** All ports that have the same holders, and who these are. */
export interface PortClass {
  readonly ports: PortSet
  readonly holders: readonly string[]
}

/** Ports sorted by who holds them; those that nobody holds are left out. In the order of their first port. */
export function portClasses(holders: readonly Holder[]): readonly PortClass[] {
  const classes = new Map<string, { readonly parts: PortSet[]; readonly holders: readonly string[] }>()
  for (const piece of piecesOf(holders)) {
    const having = holders.filter(({ ports }) => !isNoPort(intersectPortSets(ports, piece))).map(({ id }) => id)
    if (having.length === 0) continue
    const key = JSON.stringify(having)
    const known = classes.get(key)
    if (known === undefined) classes.set(key, { parts: [piece], holders: having })
    else known.parts.push(piece)
  }
  return [...classes.values()].map(({ parts, holders: list }) => ({ ports: unionPortSets(parts), holders: list }))
}

/** Pieces of ports inside which nobody begins or ends. */
function piecesOf(holders: readonly Holder[]): readonly PortSet[] {
  const all = holders.length === 0 ? NO_PORT : unionPortSets(holders.map(({ ports }) => ports))
  const ranges = PROTOCOLS.flatMap((protocol) => {
    const own = holders.flatMap(({ ports }) => ports.ranges[protocol])
    const starts = [...new Set(own.flatMap(({ from, to }) => [from, to + 1]))].sort((left, right) => left - right)
    return starts.flatMap((from, index) => {
      const next = starts[index + 1]
      return next === undefined ? [] : [ofProtocol(protocol, [{ from, to: next - 1 }])]
    })
  })
  return all.other ? [...ranges, OTHER_PROTOCOLS] : ranges
}
