import type { Isolation } from '../graph/allow-graph.ts'
import { buildGrants, rulesOf } from '../graph/build-grants.ts'
import { type Direction, DIRECTIONS } from '../objects/direction.ts'
import type { NamedPort, Policy } from '../objects/objects.ts'

/** How policies isolate a pod. */
export interface IsolatedPod extends Readonly<Record<Direction, Isolation>> {
  /** Directions that are closed because their normal form would exceed the budget. */
  readonly tooComplex: readonly Direction[]
}

/** No policy selects it. */
export const NOT_ISOLATED: IsolatedPod = { ingress: 'open', egress: 'open', tooComplex: [] }

/** What these policies together mean for a pod with these named ports. */
export function isolatedBy(policies: readonly Policy[], ports: readonly NamedPort[]): IsolatedPod {
  const isolation: Record<Direction, Isolation> = { ingress: 'open', egress: 'open' }
  const tooComplex: Direction[] = []
  for (const direction of DIRECTIONS) {
    if (policies.every((policy) => policy[direction] === undefined)) continue
    const built = buildGrants(rulesOf(policies, direction), direction, ports)
    isolation[direction] = built.grants
    if (built.kind === 'too complex') tooComplex.push(direction)
  }
  return { ...isolation, tooComplex }
}
