import type { Family } from '../addresses/address.ts'
import { type Direction, DIRECTIONS } from '../objects/direction.ts'
import type { Reach } from './create-reach.ts'
import type { Edge } from './edge.ts'
import { strangerEdges } from './exposed-edges.ts'
import type { ExposedPorts, Stranger } from './exposed-ports.ts'
import type { ReachNode } from './fold.ts'
import type { Pair } from './pair.ts'
import { isWhole, NO_PORT, subtractPortSets } from './port-set.ts'

/**
 * What passes on one side between pods that are not in the input and its nodes, and not on the other. Both sides are asked
 * about the same strangers, in the same order. Between pairs that are the same on both (not `differing`) and strangers that
 * are, nothing changes.
 */
export function* exposedDifference(
  reach: Reach,
  without: Reach,
  pairs: readonly Pair[],
  differing: ReadonlySet<Pair>,
  side: 'old' | 'new',
): Iterable<Edge> {
  const other = side === 'old' ? 'new' : 'old'
  const byBehaviour = Map.groupBy(pairs, (pair) => behaviourOf(reach, pair[side]))
  for (const [index, stranger] of reach.exposure.strangers.entries()) {
    const same = without.exposure.strangers[index]
    const asked = same !== undefined && isSameStranger(stranger, same) ? differing : undefined
    for (const direction of DIRECTIONS) {
      for (const behaviour of reach.exposure.meets(stranger, direction)) {
        for (const pair of byBehaviour.get(behaviour) ?? []) {
          if (asked?.has(pair) === false) continue
          const is = exposed(reach, stranger, pair[side], direction)
          const was = exposed(without, same, pair[other], direction)
          yield* strangerEdges(stranger.peer.id, pair.id, direction, difference(is, was))
        }
      }
    }
  }
}

function isSameStranger(left: Stranger, right: Stranger): boolean {
  const keysOf = ({ pod: { ingress, egress }, namespaceLabels }: Stranger): string =>
    JSON.stringify([
      namespaceLabels.key,
      ...[ingress, egress].map((isolation) => (isolation === 'open' ? '' : `isolated ${isolation.key}`)),
    ])
  return keysOf(left) === keysOf(right)
}

type Exposed = ReadonlyMap<Family, ExposedPorts>

function behaviourOf(reach: Reach, node: ReachNode | undefined): unknown {
  const pod = node?.members[0]
  return pod && reach.behaviourOf(pod)
}

function exposed(
  { exposure }: Reach,
  stranger: Stranger | undefined,
  node: ReachNode | undefined,
  direction: Direction,
): Exposed {
  const pod = node?.members[0]
  return stranger === undefined || pod === undefined ? new Map() : exposure.between(stranger, pod, direction)
}

function difference(is: Exposed, was: Exposed): Exposed {
  return new Map(
    [...is].map(([family, { ports, names }]) => {
      const before = was.get(family) ?? { ports: NO_PORT, names: [] }
      const opens = names.filter(
        (one) => !isWhole(before.ports, one.protocol) && !before.names.some((known) => isSame(known, one)),
      )
      return [family, { ports: subtractPortSets(ports, before.ports), names: opens }]
    }),
  )
}

function isSame(left: ExposedPorts['names'][number], right: ExposedPorts['names'][number]): boolean {
  return left.name === right.name && left.protocol === right.protocol
}
