import { FAMILIES } from '../addresses/address.ts'
import type { Isolation } from '../graph/allow-graph.ts'
import type { Peers } from '../graph/peers.ts'
import type { Direction } from '../objects/direction.ts'
import { type Behaviour, groupName, rangesName } from './behaviours.ts'

/**
 * For each behaviour, by its position, those at the other end with which anything may pass, each once: with all others nothing
 * does, because one end is isolated and does not name the other. So where most pods are closed, few pairs have to be judged.
 */
export type Candidates = (own: number) => readonly number[]

/**
 * `direction`: of what is asked about, `egress` for where it may connect to, `ingress` for who may connect to it. `hosts` are
 * numbered behind the behaviours. All of them are candidates, for policy sees of them an address only.
 */
export function createCandidates(
  behaviours: readonly Behaviour[],
  hosts: readonly Behaviour[],
  direction: Direction,
): Candidates {
  const opposite = direction === 'egress' ? 'ingress' : 'egress'
  const peersOf = createPeersOf(behaviours)
  const hostPositions = hosts.map((_, index) => behaviours.length + index)
  const everyone = [...behaviours.keys(), ...hostPositions]
  /** Those that admit everyone, and the others by whom they admit; equal isolations share a set. */
  const open: number[] = []
  const admitting = new Map<ReadonlySet<number>, number[]>()
  for (const [index, { members }] of behaviours.entries()) {
    const admitted = peersOf(members[0]?.[opposite] ?? 'open')
    if (admitted === 'everyone') open.push(index)
    else file(admitting, admitted, index)
  }
  const admittedBy = new Map<number, (readonly number[])[]>()
  for (const [admitted, admitters] of admitting) for (const index of admitted) file(admittedBy, index, admitters)

  return (own) => {
    const asked = behaviours[own]
    if (asked === undefined) return everyone
    const named = peersOf(asked.members[0]?.[direction] ?? 'open')
    const admitters = [open, ...(admittedBy.get(own) ?? [])].flat()
    return [...(named === 'everyone' ? admitters : admitters.filter((other) => named.has(other))), ...hostPositions]
  }
}

type Named = 'everyone' | ReadonlySet<number>

/** The behaviours that an isolation names as peers. */
function createPeersOf(behaviours: readonly Behaviour[]): (isolation: Isolation) => Named {
  const byName = new Map<string, number[]>()
  for (const [index, { named }] of behaviours.entries()) for (const name of named) file(byName, name, index)
  const known = new Map<string, Named>()
  return (isolation) => {
    if (isolation === 'open') return 'everyone'
    let found = known.get(isolation.key)
    if (found === undefined) {
      const names = isolation.list.map(({ peers }) => namesOf(peers))
      found = names.includes('everyone') ? 'everyone' : new Set(names.flat().flatMap((name) => byName.get(name) ?? []))
      known.set(isolation.key, found)
    }
    return found
  }
}

function namesOf(peers: Peers): 'everyone' | readonly string[] {
  if (peers.kind === 'anyone') return 'everyone'
  const ranges = FAMILIES.filter((family) => peers.ranges[family].length > 0)
  return [...peers.groups.map(groupName), ...ranges.map((family) => rangesName(family, peers.ranges[family]))]
}

function file<Key, Entry>(files: Map<Key, Entry[]>, key: Key, entry: Entry): void {
  const found = files.get(key)
  if (found === undefined) files.set(key, [entry])
  else found.push(entry)
}
