import type { Family } from '../addresses/address.ts'
import { type Direction, DIRECTIONS } from '../objects/direction.ts'
import type { Reach } from './create-reach.ts'
import { type Edge, edgesBetween } from './edge.ts'
import type { ExposedPorts } from './exposed-ports.ts'
import type { ReachNode } from './fold.ts'

/** The edges between pods that are not in the input and the nodes of a picture, both ways. */
export function* exposedEdges({ exposure, behaviourOf }: Reach, nodes: readonly ReachNode[]): Iterable<Edge> {
  const byBehaviour = Map.groupBy(nodes, ({ members: [pod] }) => pod && behaviourOf(pod))
  for (const stranger of exposure.strangers) {
    for (const direction of DIRECTIONS) {
      for (const behaviour of exposure.meets(stranger, direction)) {
        const [pod] = behaviour.members
        if (pod === undefined) continue
        const exposed = exposure.between(stranger, pod, direction)
        for (const { id } of byBehaviour.get(behaviour) ?? [])
          yield* strangerEdges(stranger.peer.id, id, direction, exposed)
      }
    }
  }
}

/** `ingress`: from the stranger; `egress`: to it. Of ports by name each stands for itself, whatever its number. */
export function strangerEdges(
  stranger: string,
  id: string,
  direction: Direction,
  exposed: ReadonlyMap<Family, ExposedPorts>,
): readonly Edge[] {
  const [from, to] = direction === 'ingress' ? [stranger, id] : [id, stranger]
  const numbers = edgesBetween(from, to, new Map([...exposed].map(([family, { ports }]) => [family, ports])))
  const byName = new Map<string, { readonly edge: Edge; readonly families: Family[] }>()
  for (const [family, { names }] of exposed) {
    for (const { protocol, name } of names) {
      const known = byName.get(`${protocol} ${name}`)
      if (known === undefined)
        byName.set(`${protocol} ${name}`, { edge: { from, to, protocol, ports: name }, families: [family] })
      else known.families.push(family)
    }
  }
  const named = [...byName.values()].flatMap(({ edge, families }) =>
    families.length === exposed.size ? [edge] : families.map((family): Edge => ({ ...edge, family })),
  )
  return [...numbers, ...named]
}
