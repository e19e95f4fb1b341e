import type { Isolation } from '../graph/allow-graph.ts'
import { buildParts, type GrantParts, listOf, rulesOf } from '../graph/build-grants.ts'
import { changeGrants } from '../graph/change-grants.ts'
import { createGrants, NOTHING } from '../graph/grants.ts'
import { type Direction, DIRECTIONS } from '../objects/direction.ts'
import type { NamedPort, Policy } from '../objects/objects.ts'

/** How policies isolate a pod. */
export interface IsolatedPod extends Readonly<Record<Direction, Isolation>> {
  /** Directions that are closed because their normal form would exceed the budget. */
  readonly tooComplex: readonly Direction[]
  /** Of many policies: what it was made of, so that one policy more or less is a small change of it. */
  readonly made?: Made | undefined
  /** How those that are only audited would isolate it by themselves; undefined: none selects it. */
  readonly audited?: IsolatedPod | undefined
}

interface Made {
  readonly policies: readonly Policy[]
  readonly ports: readonly NamedPort[]
  readonly parts: Readonly<Record<Direction, GrantParts | undefined>>
  /** How many of the policies speak of each direction. */
  readonly speaking: Readonly<Record<Direction, number>>
}

/** No policy selects it. */
export const NOT_ISOLATED: IsolatedPod = { ingress: 'open', egress: 'open', tooComplex: [] }

/** The normal form of fewer is made anew in no time. */
const FEW_POLICIES = 64

/**
 * What these policies together mean for a pod with these named ports. `before` is how that pod was isolated: it says how to come
 * there soon, never where.
 */
export function isolatedBy(
  policies: readonly Policy[],
  ports: readonly NamedPort[],
  before: IsolatedPod = NOT_ISOLATED,
): IsolatedPod {
  const isolation: Record<Direction, Isolation> = { ingress: 'open', egress: 'open' }
  const tooComplex: Direction[] = []
  const parts: Record<Direction, GrantParts | undefined> = { ingress: undefined, egress: undefined }
  const made = before.made !== undefined && samePorts(before.made.ports, ports) ? before.made : undefined
  const changed = made && changedPolicies(made.policies, policies)
  const speaking = { ingress: 0, egress: 0 }
  for (const direction of DIRECTIONS) {
    speaking[direction] =
      made === undefined || changed === undefined
        ? countSpeaking(policies, direction)
        : made.speaking[direction] + countSpeaking(changed.added, direction) - countSpeaking(changed.removed, direction)
    if (speaking[direction] === 0) continue
    const old = made?.parts[direction]
    const rules = (some: readonly Policy[]) => rulesOf(some, direction)
    const next =
      old &&
      changed &&
      changeGrants(old, { removed: rules(changed.removed), added: rules(changed.added), direction, ownPorts: ports })
    const now = next ?? buildParts(rules(policies), direction, ports)
    parts[direction] = now
    // Where nothing has changed in this direction its grants are the same object, and nobody looks at them again.
    const same = now !== undefined && now === old && before[direction] !== 'open'
    isolation[direction] = same ? before[direction] : now === undefined ? NOTHING : createGrants(listOf(now))
    if (now === undefined) tooComplex.push(direction)
  }
  return {
    ...isolation,
    tooComplex,
    ...(policies.length > FEW_POLICIES && { made: { policies, ports, parts, speaking } }),
  }
}

function countSpeaking(policies: readonly Policy[], direction: Direction): number {
  return policies.reduce((count, policy) => count + (policy[direction] === undefined ? 0 : 1), 0)
}

/** Those in the middle, between what is the same at both ends: nearly always one. */
function changedPolicies(
  before: readonly Policy[],
  after: readonly Policy[],
): { readonly removed: readonly Policy[]; readonly added: readonly Policy[] } {
  const shorter = Math.min(before.length, after.length)
  let start = 0
  while (start < shorter && before[start] === after[start]) start += 1
  let end = 0
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1
  const [old, now] = [before.slice(start, before.length - end), after.slice(start, after.length - end)]
  const [was, is] = [new Set(old), new Set(now)]
  return { removed: old.filter((policy) => !is.has(policy)), added: now.filter((policy) => !was.has(policy)) }
}

function samePorts(left: readonly NamedPort[], right: readonly NamedPort[]): boolean {
  return (
    left.length === right.length &&
    left.every(({ name, protocol, number }, at) => {
      const other = right[at]
      return name === other?.name && protocol === other.protocol && number === other.number
    })
  )
}
