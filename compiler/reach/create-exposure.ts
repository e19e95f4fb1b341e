import { FAMILIES, type Family } from '../addresses/address.ts'
import type { AllowGraph, GraphPod, Isolation } from '../graph/allow-graph.ts'
import type { Direction } from '../objects/direction.ts'
import { type Behaviour, whatTellsApart } from './behaviours.ts'
import { type ExposedPorts, portsFromStranger, portsToStranger, type Stranger } from './exposed-ports.ts'
import { groupsOfPossible, type PossiblePod } from './possible-pods.ts'

/** What passes between pods of the input and pods that are not in it. */
export interface Exposure {
  /** In the order in which they were asked for. */
  readonly strangers: readonly Stranger[]
  /** Behaviours with a member that something may pass to (`ingress`) or from (`egress`); of all others nothing does. */
  meets(stranger: Stranger, direction: Direction): Iterable<Behaviour>
  /**
   * What passes from the stranger to the pod (`ingress`), or the other way (`egress`), in each family that the pod has; a
   * stranger has every family.
   */
  between(stranger: Stranger, pod: GraphPod, direction: Direction): ReadonlyMap<Family, ExposedPorts>
}

export function createExposure(
  graph: AllowGraph,
  possible: readonly PossiblePod[],
  behaviours: readonly Behaviour[],
  hasFamily: (pod: GraphPod, family: Family) => boolean,
): Exposure {
  const first = behaviours.flatMap(({ members: [pod] }) => pod ?? [])
  const groups = groupsOfPossible(possible, whatTellsApart(first).groups)
  const strangers = possible.map((one): Stranger => ({ ...one, groups: groups.get(one) ?? new Set() }))
  const meeting = { ingress: behavioursByGroup(behaviours, 'ingress'), egress: behavioursByGroup(behaviours, 'egress') }
  return {
    strangers,
    *meets(stranger, direction) {
      const { always, byGroup } = meeting[direction]
      yield* always
      const found = new Set<Behaviour>()
      for (const key of stranger.groups) for (const behaviour of byGroup.get(key) ?? []) found.add(behaviour)
      yield* found
    },
    between(stranger, pod, direction) {
      const families = FAMILIES.filter((family) => hasFamily(pod, family))
      const ports = (family: Family): ExposedPorts =>
        direction === 'ingress'
          ? portsFromStranger(graph, stranger, pod, family)
          : portsToStranger(graph, pod, stranger, family)
      return new Map(families.map((family) => [family, ports(family)]))
    },
  }
}

interface Meeting {
  /** Whom every stranger may meet. */
  readonly always: readonly Behaviour[]
  readonly byGroup: ReadonlyMap<string, readonly Behaviour[]>
}

/** So that a stranger is asked only with those whose rules speak of it: there may be thousands of both. */
function behavioursByGroup(behaviours: readonly Behaviour[], direction: Direction): Meeting {
  const always: Behaviour[] = []
  const byGroup = new Map<string, Behaviour[]>()
  for (const behaviour of behaviours) {
    const [pod] = behaviour.members
    if (pod === undefined) continue
    const isolation = pod.pod.hostNetwork ? 'open' : pod[direction]
    if (isolation === 'open' || speaksOfAddresses(isolation)) {
      always.push(behaviour)
      continue
    }
    for (const key of groupKeysOf(isolation)) {
      const known = byGroup.get(key)
      if (known === undefined) byGroup.set(key, [behaviour])
      else known.push(behaviour)
    }
  }
  return { always, byGroup }
}

/** Has it a grant that may hold whoever the other end is? */
function speaksOfAddresses(isolation: Exclude<Isolation, 'open'>): boolean {
  return isolation.list.some(
    ({ peers }) => peers.kind === 'anyone' || FAMILIES.some((family) => peers.ranges[family].length > 0),
  )
}

function groupKeysOf(isolation: Exclude<Isolation, 'open'>): ReadonlySet<string> {
  return new Set(
    isolation.list.flatMap(({ peers }) => (peers.kind === 'anyone' ? [] : peers.groups.map(({ key }) => key))),
  )
}
