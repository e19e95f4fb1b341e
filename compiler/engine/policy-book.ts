import { type Direction, DIRECTIONS, buildGrants, rulesOf } from '../graph/build-grants.ts'
import type { Isolation } from '../graph/allow-graph.ts'
import type { Policy } from '../objects/objects.ts'
import type { Bucket, MembershipIndex } from '../selectors/membership-index.ts'
import { createPeerGroup, type PeerGroup } from '../selectors/peer-group.ts'
import { OPEN, type PodEntry } from './pod-entry.ts'

/** The policies, and which local pods each selects. */
export interface PolicyBook {
  /** Puts or removes a policy; returns the buckets of pods whose isolation may have changed. */
  replace(key: string, policy: Policy | undefined): ReadonlySet<Bucket<PodEntry>>
  /** How the policies isolate this pod. */
  isolate(entry: PodEntry): IsolatedPod
  /** The pods of this node that a policy selects. */
  podsOf(policy: Policy): readonly PodEntry[]
  values(): Iterable<Policy>
}

export interface IsolatedPod {
  readonly isolation: Readonly<Record<Direction, Isolation>>
  /** Directions that are closed because their normal form would exceed the budget. */
  readonly tooComplex: readonly Direction[]
}

/** An empty book over the index of subjects. */
export function createPolicyBook(subjects: MembershipIndex<PodEntry>): PolicyBook {
  const policies = new Map<string, Policy>()
  const bySubject = new Map<string, Map<string, Policy>>()
  // Pods of one bucket with equal named ports have equal grants.
  const memory = new WeakMap<Bucket<PodEntry>, Map<string, IsolatedPod>>()

  function policiesOf({ subject }: PodEntry): readonly Policy[] {
    return [...(subject?.groups ?? [])].flatMap(({ group }) => [...(bySubject.get(group.key)?.values() ?? [])])
  }

  function touch(group: PeerGroup, touched: Set<Bucket<PodEntry>>): void {
    for (const bucket of subjects.use(group).buckets) {
      touched.add(bucket)
      memory.delete(bucket)
    }
  }

  return {
    replace(key, policy) {
      const touched = new Set<Bucket<PodEntry>>()
      const known = policies.get(key)
      if (known !== undefined) {
        const group = subjectGroup(known)
        touch(group, touched)
        const others = bySubject.get(group.key)
        others?.delete(key)
        if (others?.size === 0) {
          bySubject.delete(group.key)
          subjects.drop(group.key)
        }
        policies.delete(key)
      }
      if (policy !== undefined) {
        const group = subjectGroup(policy)
        touch(group, touched)
        const others = bySubject.get(group.key)
        if (others === undefined) bySubject.set(group.key, new Map([[key, policy]]))
        else others.set(key, policy)
        policies.set(key, policy)
      }
      return touched
    },

    isolate(entry) {
      if (entry.subject === undefined) return NOT_ISOLATED
      let known = memory.get(entry.subject)
      if (known === undefined) memory.set(entry.subject, (known = new Map()))
      const ports = entry.pod.ports.map(({ name, protocol, number }) => `${name} ${protocol} ${number}`).join(',')
      let isolated = known.get(ports)
      if (isolated === undefined) known.set(ports, (isolated = isolatedBy(policiesOf(entry), entry)))
      return isolated
    },

    podsOf: (policy) => [...subjects.use(subjectGroup(policy)).buckets].flatMap(({ members }) => [...members]),
    values: () => policies.values(),
  }
}

const NOT_ISOLATED: IsolatedPod = { isolation: OPEN, tooComplex: [] }

function isolatedBy(policies: readonly Policy[], { pod }: PodEntry): IsolatedPod {
  const isolation = { ...OPEN }
  const tooComplex: Direction[] = []
  for (const direction of DIRECTIONS) {
    if (policies.every((policy) => policy[direction] === undefined)) continue
    const built = buildGrants(rulesOf(policies, direction), direction, pod.ports)
    isolation[direction] = built.grants
    if (built.kind === 'too complex') tooComplex.push(direction)
  }
  return { isolation, tooComplex }
}

/** The pods that a policy selects, as a group: spec.podSelector in its own namespace. */
function subjectGroup(policy: Policy): PeerGroup {
  return createPeerGroup({ kind: 'named', name: policy.namespace }, policy.podSelector)
}
