import { blockContains, hostBlock } from '../addresses/block-range.ts'
import { familyOf } from '../addresses/family-of.ts'
import { parseAddress } from '../addresses/parse-address.ts'
import { podKey, podName } from '../objects/pod-name.ts'
import type { Namespace, Pod } from '../objects/objects.ts'
import type { HoldSubnets, Sandbox } from '../objects/sandbox.ts'
import type { RulesetOptions } from '../nftables/options.ts'
import type { ElementChange, SetValue } from '../nftables/ruleset.ts'
import type { LastChanges } from './change.ts'
import { type HeldAddress, whyHeld } from './held-address.ts'
import { type AddressState, createLocalAddresses, type Tenant } from './local-addresses.ts'
import type { PodEntry } from './pod-entry.ts'
import type { PodMap } from './pod-map.ts'
import type { SandboxBook } from './sandbox-book.ts'

/** Which addresses of this node's pods pass, while those of nobody known are held (docs/semantics.md, new pods). */
export interface Hold {
  readonly subnets: HoldSubnets
  /** Sandboxes that a batch is about, before it is taken. */
  changedSandboxes(last: LastChanges): readonly Sandbox[]
  take(last: LastChanges): void
  /** The hold's sets as they change, or as they come or go with it; `settled`: namespaces of the batch that were known before. */
  update(before: HoldSubnets, stale: ReadonlySet<string>, settled: ReadonlySet<string>, last: LastChanges): HoldChanges
  /** Its sets as they stand; none while it is off. */
  sets(): readonly SetValue[]
  passes(address: string): boolean
  passing(): Iterable<string>
  /** What the runtime has given to pods and does not pass; nothing that is never held. */
  held(): readonly HeldAddress[]
  /** Pods of this node that have addresses by their status, while the runtime has noted no pod at all. */
  unnoted(): readonly Pod[]
  /** Pods of this node of which the runtime and the API name different addresses. */
  disagreements(): readonly Disagreement[]
  /** Does a pod that is known, and neither has finished nor is about to, run in the sandbox of this key? */
  runsIn(key: string): boolean
}

export interface HoldChanges {
  readonly created: readonly SetValue[]
  readonly deleted: readonly SetValue[]
  readonly elements: ReadonlyMap<string, ElementChange>
  /** Some address does not pass any more, or has passed to another pod. */
  readonly hasLeft: boolean
}

/** Of one family. */
export interface Disagreement {
  readonly pod: Pod
  /** By the runtime; this one counts. */
  readonly given: string
  /** By the pod's status. */
  readonly told: readonly string[]
}

/** What it looks at; all live. */
export interface HoldParts {
  readonly options: RulesetOptions
  readonly isLocal: (pod: Pod) => boolean
  readonly pods: PodMap
  /** The pods of this node. */
  readonly locals: ReadonlySet<PodEntry>
  readonly namespaces: ReadonlyMap<string, Namespace>
  readonly sandboxes: SandboxBook
  /** The pod of this node that owns an address. */
  readonly ownerHere: (address: string) => PodEntry | undefined
}

/** A hold that is off. */
export function createHold(parts: HoldParts): Hold {
  const { options, isLocal, pods, locals, namespaces, sandboxes, ownerHere } = parts
  const known = createLocalAddresses(options)
  let subnets: HoldSubnets = { kind: 'off' }

  /** A pod of which nobody knows the namespace may be selected by it tomorrow. */
  function look(address: string): AddressState {
    const owner = ownerHere(address)
    const sandbox = sandboxes.at(address)
    const passes =
      owner !== undefined &&
      namespaces.has(owner.pod.namespace) &&
      (sandbox !== undefined || !sandboxes.hasLost(owner.pod, address))
    const isStarting = !passes && sandbox !== undefined && sandbox.isAged === undefined
    return { tenant: passes ? tenantOf(owner.pod) : undefined, isStarting }
  }

  /** It passes whoever has it: nobody waits for anything. */
  function isExcepted(address: string): boolean {
    const parsed = parseAddress(address)
    if (subnets.kind === 'off' || parsed === undefined) return false
    return subnets.excepts.some((block) => blockContains(block, hostBlock(parsed)))
  }

  return {
    get subnets() {
      return subnets
    },

    /** As they were and as they will be, and the others of their pods; all of them when the hold goes on or off. */
    changedSandboxes(last) {
      const isSwitched = last.hold !== undefined && last.hold.kind !== subnets.kind
      const before = isSwitched
        ? [...sandboxes.values()]
        : [...last.sandboxes.keys()].flatMap((key) => sandboxes.get(key) ?? [])
      const changed = [...before, ...[...last.sandboxes.values()].filter((sandbox) => sandbox !== undefined)]
      return [...changed, ...changed.flatMap((sandbox) => [...sandboxes.naming(podName(sandbox))])]
    },

    take(last) {
      for (const [key, sandbox] of last.sandboxes) sandboxes.replace(key, sandbox)
      subnets = last.hold ?? subnets
      sandboxes.open(subnets.kind === 'on')
    },

    update(before, stale, settled, last) {
      const unchanged = { created: [], deleted: [], elements: new Map<string, ElementChange>(), hasLeft: false }
      if (subnets.kind === 'off') {
        const deleted = before.kind === 'on' ? known.sets() : []
        known.clear()
        return { ...unchanged, deleted }
      }
      const isNew = before.kind === 'off'
      const cameOrWent = new Set(
        [...last.namespaces.keys()].filter((name) => namespaces.has(name) !== settled.has(name)),
      )
      const isAnyTouched = isNew || cameOrWent.size > 0
      const ofPods = isAnyTouched ? [...locals].filter(({ pod }) => isNew || cameOrWent.has(pod.namespace)) : []
      const { elements, hasLeft } = known.update([...stale, ...ofPods.flatMap(({ owned }) => owned)], look)
      return isNew ? { ...unchanged, created: known.sets() } : { ...unchanged, elements, hasLeft }
    },

    sets: () => (subnets.kind === 'on' ? known.sets() : []),
    passes: (address) => known.has(address),
    passing: () => known.known(),

    held: () =>
      [...sandboxes.live()].flatMap((sandbox) => {
        const pod = pods.get(podName(sandbox))?.pod
        const isOwn = pod !== undefined && sandboxes.ofPod(pod) === sandbox
        const why = () => whyHeld(pod, pod !== undefined && isLocal(pod), isOwn, namespaces.has(sandbox.namespace))
        return sandbox.addresses
          .filter((address) => !known.has(address) && !isExcepted(address))
          .map((address): HeldAddress => ({ address, sandbox, why: why(), isUnheardOf: !isOwn }))
      }),

    unnoted() {
      const [noted] = sandboxes.values()
      if (subnets.kind === 'off' || noted !== undefined) return []
      return [...locals].flatMap(({ pod, owned }) => (owned.length > 0 ? [pod] : []))
    },

    disagreements: () =>
      [...locals].flatMap(({ pod }) => {
        const given = sandboxes.ofPod(pod)?.addresses ?? []
        return given.flatMap((address): readonly Disagreement[] => {
          const told = pod.addresses.filter((one) => familyOf(one) === familyOf(address))
          return told.length === 0 || told.some((one) => given.includes(one)) ? [] : [{ pod, given: address, told }]
        })
      }),

    runsIn(key) {
      const sandbox = sandboxes.get(key)
      const pod = sandbox && pods.get(podName(sandbox))?.pod
      return pod !== undefined && !pod.finished && !pod.terminating && sandboxes.ofPod(pod) === sandbox
    },
  }
}

function tenantOf(pod: Pod): Tenant {
  const { uid, staticUid = uid } = pod
  return { pod: `${uid} ${podKey(pod)}`, uid: staticUid }
}
