import type { Direction } from '../objects/direction.ts'
import type { Policy } from '../objects/objects.ts'
import type { PolicyState } from '../objects/policy-mode.ts'
import { rulesOf } from '../graph/build-grants.ts'
import type { Bucket, GroupNode, MembershipIndex } from '../selectors/membership-index.ts'
import { createPeerGroup, type PeerGroup } from '../selectors/peer-group.ts'
import { type IsolatedPod, isolatedBy, NOT_ISOLATED } from './isolated-by.ts'
import type { PodEntry } from './pod-entry.ts'

/** The policies, and which local pods each selects. Where nothing else is said, those that are enforced. */
export interface PolicyBook {
  /** Puts or removes a policy; returns the buckets of pods whose isolation may have changed. */
  replace(key: string, policy: Policy | undefined, state: PolicyState): ReadonlySet<Bucket<PodEntry>>
  /** Says anew how the policies isolate this pod, and remembers it until the next time, or until the pod leaves. */
  isolate(entry: PodEntry): IsolatedPod
  /** A pod that was isolated leaves the index of subjects. */
  leave(entry: PodEntry): void
  /** The pods of this node that a policy of either state selects. */
  podsOf(policy: Policy): readonly PodEntry[]
  values(): Iterable<Policy>
  audited(): Iterable<Policy>
  /** Is any policy only audited? */
  readonly audits: boolean
  /** The podSelectors, as groups, of the policies of a state that grant this pod something in a direction. */
  grantingSelectors(entry: PodEntry, direction: Direction, state: PolicyState): readonly string[]
  /** The policies that select this pod. */
  policiesOf(entry: PodEntry, state: PolicyState): readonly Policy[]
  /** The policies by what they select, and where pods of this node have it; buckets are never empty. */
  selectors(): Iterable<{
    readonly policies: ReadonlyMap<string, Policy>
    readonly audited: ReadonlyMap<string, Policy>
    readonly buckets: ReadonlySet<Bucket<PodEntry>>
  }>
  /** The policies with a direction that could not be compiled. */
  closed(): Iterable<Policy>
  /** By `namespace/name`, of either state. */
  holds(key: string): boolean
  /** Does it select a pod of this node? */
  selectsAny(policy: Policy): boolean
}

/** An empty book over the index of subjects. */
export function createPolicyBook(subjects: MembershipIndex<PodEntry>): PolicyBook {
  const policies = new Map<string, Policy>()
  const audited = new Map<string, Policy>()
  const closed = new Map<string, Policy>()
  const byGroup = new Map<string, PoliciesOfGroup>()
  // Kept by the policies that select a pod, not by its labels: of StatefulSets and Jobs thousands of pods have labels of
  // their own, and the same few policies select them all. What those grant is added up once.
  const shares = new Map<string, Share>()
  const shareOf = new Map<PodEntry, Share>()
  const standings = new WeakMap<Bucket<PodEntry>, Standing>()
  let lastNumber = 0

  function hold(key: string, policy: Policy, state: PolicyState): void {
    const group = subjectGroup(policy)
    const node = subjects.use(group)
    let held = byGroup.get(group.key)
    if (held === undefined)
      byGroup.set(
        group.key,
        (held = { node, number: 0, enforced: new Map(), audited: new Map(), portNames: undefined }),
      )
    held[state].set(key, policy)
    renew(held)
  }

  function letGo(key: string, policy: Policy): void {
    const group = subjectGroup(policy)
    const held = byGroup.get(group.key)
    held?.enforced.delete(key)
    held?.audited.delete(key)
    if (held !== undefined && held.enforced.size + held.audited.size > 0) {
      renew(held)
      return
    }
    byGroup.delete(group.key)
    subjects.drop(group.key)
  }

  function renew(held: PoliciesOfGroup): void {
    lastNumber += 1
    held.number = lastNumber
    held.portNames = undefined
  }

  function standingOf(bucket: Bucket<PodEntry>): Standing {
    let standing = standings.get(bucket)
    if (standing === undefined) {
      const groups = [...bucket.groups].flatMap(({ group }) => byGroup.get(group.key) ?? [])
      const key = Float64Array.from(groups, ({ number }) => number)
        .sort()
        .join()
      standings.set(bucket, (standing = { key, groups }))
    }
    return standing
  }

  function shareFor(entry: PodEntry, { key: policiesKey, groups }: Standing): Share {
    // Egress names are looked up on the destination, so the pod's own ports count for ingress alone.
    const ports = entry.pod.ports.filter(({ protocol, name }) =>
      groups.some((held) => (held.portNames ??= portNamesOf(held)).has(`${protocol} ${name}`)),
    )
    const key = [policiesKey, ...ports.map(({ name, protocol, number }) => `${name} ${protocol} ${number}`)].join()
    let share = shares.get(key)
    if (share === undefined) {
      const of = (state: PolicyState) => groups.flatMap((held) => [...held[state].values()])
      const before = shareOf.get(entry)?.isolated
      const enforced = isolatedBy(of('enforced'), ports, before)
      const asked = of('audited')
      const isolated =
        asked.length === 0 ? enforced : { ...enforced, audited: isolatedBy(asked, ports, before?.audited) }
      shares.set(key, (share = { key, isolated, users: 0 }))
    }
    return share
  }

  function leave(entry: PodEntry): void {
    const share = shareOf.get(entry)
    if (share === undefined) return
    shareOf.delete(entry)
    share.users -= 1
    if (share.users === 0) shares.delete(share.key)
  }

  return {
    replace(key, policy, state) {
      const touched = new Set<Bucket<PodEntry>>()
      const known = policies.get(key) ?? audited.get(key)
      const groups = [known, policy].flatMap((one) => (one === undefined ? [] : [subjectGroup(one)]))
      for (const group of groups) {
        for (const bucket of subjects.use(group).buckets) {
          touched.add(bucket)
          standings.delete(bucket)
        }
      }
      if (known !== undefined) letGo(key, known)
      for (const map of [policies, audited, closed]) map.delete(key)
      if (policy === undefined) return touched
      hold(key, policy, state)
      const ofState = state === 'enforced' ? policies : audited
      ofState.set(key, policy)
      if (state === 'enforced' && isClosed(policy)) closed.set(key, policy)
      return touched
    },

    isolate(entry) {
      if (entry.subjectBucket === undefined) return NOT_ISOLATED
      const share = shareFor(entry, standingOf(entry.subjectBucket))
      share.users += 1
      leave(entry)
      shareOf.set(entry, share)
      return share.isolated
    },

    leave,
    podsOf: (policy) => [...subjects.use(subjectGroup(policy)).buckets].flatMap(({ members }) => [...members]),
    values: () => policies.values(),
    audited: () => audited.values(),
    get audits() {
      return audited.size > 0
    },
    grantingSelectors: ({ subjectBucket }, direction, state) =>
      subjectBucket === undefined
        ? []
        : standingOf(subjectBucket)
            .groups.filter((held) => grantsSomething(held[state].values(), direction))
            .map(({ node }) => node.group.key),
    policiesOf: ({ subjectBucket }, state) =>
      subjectBucket === undefined ? [] : standingOf(subjectBucket).groups.flatMap((held) => [...held[state].values()]),
    *selectors() {
      for (const held of byGroup.values()) {
        yield { policies: held.enforced, audited: held.audited, buckets: held.node.buckets }
      }
    },
    closed: () => closed.values(),
    holds: (key) => policies.has(key) || audited.has(key),
    selectsAny: (policy) => subjects.use(subjectGroup(policy)).buckets.size > 0,
  }
}

/** The policies of one group of subjects; a change of them brings a number that no other policies ever had. */
interface PoliciesOfGroup extends Readonly<Record<PolicyState, Map<string, Policy>>> {
  readonly node: GroupNode<PodEntry>
  number: number
  /** `protocol name` of the ports that their ingress rules name; undefined until somebody asks. */
  portNames: ReadonlySet<string> | undefined
}

/** The policies that select the pods of a bucket; equal policies, equal key. */
interface Standing {
  readonly key: string
  readonly groups: readonly PoliciesOfGroup[]
}

/** What the same policies mean for pods with the same ports, as far as a policy names those. */
interface Share {
  readonly key: string
  readonly isolated: IsolatedPod
  users: number
}

function portNamesOf({ enforced, audited }: PoliciesOfGroup): ReadonlySet<string> {
  const names = new Set<string>()
  for (const { rule } of rulesOf([...enforced.values(), ...audited.values()], 'ingress')) {
    if (rule.ports === 'any') continue
    for (const port of rule.ports) if (port.kind === 'name') names.add(`${port.protocol} ${port.name}`)
  }
  return names
}

function grantsSomething(policies: Iterable<Policy>, direction: Direction): boolean {
  for (const { [direction]: side } of policies) if (side?.kind === 'rules' && side.rules.length > 0) return true
  return false
}

/** Has it a direction that could not be compiled? */
export function isClosed({ ingress, egress }: Policy): boolean {
  return ingress?.kind === 'closed' || egress?.kind === 'closed'
}

/** The pods that a policy selects, as a group: spec.podSelector in its own namespace. */
function subjectGroup(policy: Policy): PeerGroup {
  return createPeerGroup({ kind: 'named', name: policy.namespace }, policy.podSelector)
}
