import type { AllowGraph, GraphPod } from '../graph/allow-graph.ts'
import { podKey, podName } from '../objects/pod-name.ts'
import { createLabelInterner, type LabelSet } from '../objects/label-set.ts'
import type { Direction } from '../objects/direction.ts'
import type { Namespace, Pod } from '../objects/objects.ts'
import { type Anchor, createAnchor } from '../nftables/anchor.ts'
import { baseSets } from '../nftables/base-sets.ts'
import { isEndpointRangesName } from '../nftables/names.ts'
import type { RulesetOptions } from '../nftables/options.ts'
import { type Frame, frameChains } from '../nftables/frame-chains.ts'
import { hasOverlaps } from '../nftables/overlapping-ranges.ts'
import { recordedSets } from '../nftables/recorded-sets.ts'
import type { ChainValue, ElementChange, Ruleset, RulesetChange, RulesetView, SetValue } from '../nftables/ruleset.ts'
import { fixedChains } from '../nftables/static-chains.ts'
import type { HoldSubnets, Sandbox } from '../objects/sandbox.ts'
import { createMembershipIndex } from '../selectors/membership-index.ts'
import { claimedAddresses, createAddressOwners } from './address-owners.ts'
import { type EngineChange, lastOfEach } from './change.ts'
import { createClassRegistry } from './class-registry.ts'
import { createContentRegistry } from './content-registry.ts'
import { compareFrames } from './compare-frames.ts'
import { type HeldAddress, whyHeld } from './held-address.ts'
import { createIsolationTable, type IsolationChanges } from './isolation-table.ts'
import { createLocalAddresses } from './local-addresses.ts'
import { createLocalView, type LocalView, type Selection } from './local-view.ts'
import { createPodEntry, type PodEntry } from './pod-entry.ts'
import { createPodMap } from './pod-map.ts'
import { createPolicyBook } from './policy-book.ts'
import { type EngineProblem, findProblems } from './problems.ts'
import { createRulesetSize, type RulesetSize } from './ruleset-size.ts'
import { createSandboxBook } from './sandbox-book.ts'
import { createSetRegistry } from './set-registry.ts'

/**
 * Changed objects in, the ruleset's changes out. What it holds is a function of the objects that it holds:
 *
 *   Pod ──▶ address owners ──▶ index of peers ───────────▶ pod sets ──────────▶ elements
 *                │                   ▲                        ▲
 *                │          Namespace labels                  │ formulas
 *                ▼                                            │
 *          index of subjects ──▶ policy book ──▶ isolation ──▶ classes ──▶ chains, block sets
 *                                    ▲            table ─────────────────▶ chains and map elements of each address
 *                                 Policy
 *
 *   Sandbox ──▶ address owners, local addresses ──▶ sets of the hold
 */
export interface Engine {
  /** Takes a batch of events and says how the ruleset changes; before the first one it is the ruleset of an empty node. */
  apply(changes: readonly EngineChange[]): RulesetChange
  /** The whole ruleset, less the chains that carry the generation. */
  ruleset(): Ruleset
  /** One set or chain of it, without making the rest. */
  readonly view: RulesetView
  /** The allow-graph of everything that the engine holds. */
  graph(): AllowGraph
  /** The pod that owns an address in canonical text. */
  ownerOf(address: string): Pod | undefined
  /** What could not be compiled, and is closed. */
  problems(): readonly EngineProblem[]
  /** Every policy, with the pods of this node that it selects: what `status` tells. */
  selections(): readonly Selection[]
  /** How much stands in the ruleset, without making it. */
  readonly size: Pick<RulesetSize, 'counts' | 'names'>
  /** What is enforced on this node, without a walk over the cluster's pods. */
  readonly local: LocalView
  /** What the runtime has given to pods and the hold does not let pass; nothing while no rule of the hold stands. */
  held(): readonly HeldAddress[]
  /** `on`: the hold's sets stand; `holding`: its rules as well. */
  holdState(): 'off' | 'on' | 'holding'
  /** Does a pod that it holds, and that has not finished, run in the sandbox of this key? */
  runsIn(key: string): boolean
  /** Does the hold let it pass, or would it? */
  passes(address: string): boolean
  /** The uid of a pod `namespace/name` that it holds. */
  uidOf(pod: string): string | undefined
  /** The addresses that the hold lets pass and no policy isolates. */
  openAddresses(): readonly string[]
}

export interface EngineOptions {
  /** Does this node enforce for the pod? */
  readonly isLocal: (pod: Pod) => boolean
  readonly ruleset: RulesetOptions
  /** Policies are not known yet: the hold stands as if there were one. */
  readonly assumesPolicies?: boolean
}

/** An engine that holds no object. */
export function createEngine({ isLocal, ruleset: options, assumesPolicies = false }: EngineOptions): Engine {
  const pods = createPodMap()
  const namespaces = new Map<string, Namespace>()
  const internLabels = createLabelInterner()
  const namespaceLabels = (name: string): LabelSet =>
    namespaces.get(name)?.labels ?? internLabels([['kubernetes.io/metadata.name', name]])

  const sandboxes = createSandboxBook()
  const claimsOf = (entry: PodEntry) => claimedAddresses(entry, isLocal(entry.pod), sandboxes)
  const owners = createAddressOwners({ claimsOf, sandboxes })
  const peers = createMembershipIndex<PodEntry>(namespaceLabels)
  const subjects = createMembershipIndex<PodEntry>(namespaceLabels)
  const book = createPolicyBook(subjects)
  const podSets = createSetRegistry(peers)
  const chains = createContentRegistry<ChainValue>()
  const staticSets = createContentRegistry<SetValue>()
  const classes = createClassRegistry(chains, staticSets, podSets)
  const isolation = createIsolationTable(classes, anchorOf)
  /** The subjects: pods of this node that policies may select. */
  const locals = new Set<PodEntry>()
  const known = createLocalAddresses(options)
  let hold: HoldSubnets = { kind: 'off' }
  const size = createRulesetSize(ruleset())

  function frame(): Frame {
    const [hasPolicies] = book.values()
    return {
      isGuarded: !isolation.isEmpty(),
      hold,
      isHolding: hold.kind === 'on' && (assumesPolicies || hasPolicies !== undefined),
    }
  }

  function ownerHere(address: string): PodEntry | undefined {
    const owner = owners.ownerOf(address)
    return owner?.subjectBucket === undefined ? undefined : owner
  }

  /** A pod of which nobody knows the namespace may be selected by it tomorrow. */
  function look(address: string) {
    const owner = ownerHere(address)
    const sandbox = sandboxes.at(address)
    const passes =
      owner !== undefined &&
      namespaces.has(owner.pod.namespace) &&
      (sandbox !== undefined || !sandboxes.hasLost(owner.pod, address))
    const isStarting = !passes && sandbox !== undefined && sandbox.isAged === undefined
    return { pod: passes ? `${owner.pod.uid} ${podKey(owner.pod)}` : undefined, isStarting }
  }

  function anchorOf(entry: PodEntry, direction: Direction): Anchor {
    const { namespace, labels, ports } = entry.pod
    return createAnchor({ direction, selectors: book.grantingSelectors(entry, direction), namespace, labels, ports })
  }

  function detach(entry: PodEntry): void {
    if (entry.peerBucket !== undefined) peers.remove(entry, entry.peerBucket)
    if (entry.subjectBucket !== undefined) {
      subjects.remove(entry, entry.subjectBucket)
      book.leave(entry)
    }
    entry.peerBucket = undefined
    entry.subjectBucket = undefined
    locals.delete(entry)
  }

  function attach(entry: PodEntry): void {
    const { namespace, labels, finished, hostNetwork } = entry.pod
    const claimed = claimsOf(entry)
    // Nearly always all of them: a list of its own for each of 100,000 pods is 20 MiB.
    const ownsAll = claimed.every((address) => owners.ownerOf(address) === entry)
    entry.owned = ownsAll ? claimed : claimed.filter((address) => owners.ownerOf(address) === entry)
    if (entry.owned.length > 0) entry.peerBucket = peers.add(entry, namespace, labels)
    // A pod without an address yet is a subject already: its isolation then stands before its first packet.
    if (!finished && !hostNetwork && isLocal(entry.pod)) {
      entry.subjectBucket = subjects.add(entry, namespace, labels)
      locals.add(entry)
    }
  }

  /**
   * As they were and as they will be, and the others of their pods, which they replace or leave in place; all of them when the hold
   * goes on or off.
   */
  function changedSandboxes(last: ReturnType<typeof lastOfEach>): readonly Sandbox[] {
    const isSwitched = last.hold !== undefined && last.hold.kind !== hold.kind
    const before = isSwitched
      ? [...sandboxes.values()]
      : [...last.sandboxes.keys()].flatMap((key) => sandboxes.get(key) ?? [])
    const changed = [...before, ...[...last.sandboxes.values()].filter((sandbox) => sandbox !== undefined)]
    return [...changed, ...changed.flatMap((sandbox) => [...sandboxes.naming(podName(sandbox))])]
  }

  /** Everything whose place may change: the pods of the batch, rivals for their addresses, pods of relabelled namespaces. */
  function affectedPods(last: ReturnType<typeof lastOfEach>): Set<PodEntry> {
    const affected = new Set<PodEntry>()
    for (const [key, pod] of last.pods) {
      const known = pods.get(key)
      if (known !== undefined) affected.add(known)
      const claims = [known, pod && createPodEntry(pod)].flatMap((entry) => (entry ? claimsOf(entry) : []))
      for (const address of claims) for (const rival of owners.claimantsOf(address)) affected.add(rival)
    }
    for (const { namespace, name, addresses } of changedSandboxes(last)) {
      const named = pods.get(podName({ namespace, name }))
      // With its sandboxes the pod gains or loses addresses, those of its status too.
      const claims = named === undefined ? addresses : [...addresses, ...named.pod.addresses]
      if (named !== undefined) affected.add(named)
      for (const rival of claims.flatMap(owners.claimantsOf)) affected.add(rival)
    }
    for (const [name, namespace] of last.namespaces) {
      const labels = namespace?.labels ?? internLabels([['kubernetes.io/metadata.name', name]])
      if (labels.key === namespaceLabels(name).key) continue
      // A pod without an address is nobody's peer, and as a subject it does not depend on its namespace's labels.
      for (const bucket of peers.bucketsIn(name)) for (const entry of bucket.members) affected.add(entry)
    }
    return affected
  }

  /**
   * Chains that stay as they are while ranges of ports are cut anew in a set that they read. They go round by a copy, as if they
   * were rewritten: until the new ranges are there a packet would find neither.
   */
  function besideRecutRanges(
    elements: RulesetChange['elements'],
    { createdChains, rewrittenChains }: IsolationChanges,
  ): RulesetChange['rewrittenChains'] {
    const recut = new Set<string>()
    for (const [name, change] of elements) if (isEndpointRangesName(name) && hasOverlaps(change)) recut.add(name)
    if (recut.size === 0) return []
    const known = new Set([...createdChains, ...rewrittenChains.map(({ after }) => after)].map(({ name }) => name))
    const readers = isolation.readersOf(recut).filter(({ name }) => !known.has(name))
    return readers.map((chain) => ({ before: chain, after: chain }))
  }

  function ruleset(): Ruleset {
    const rows = isolation.values()
    const base = baseSets().map((set): SetValue => {
      const elements = new Set(rows.elements.get(set.name))
      return set.kind === 'map' ? { ...set, elements, targets: rows.targets.get(set.name) } : { ...set, elements }
    })
    const allChains = [...fixedChains(options), ...frameChains(options, frame()), ...rows.chains, ...chains.values()]
    const ofHold = hold.kind === 'on' ? known.sets() : []
    return {
      sets: new Map(
        [...base, ...recordedSets(), ...ofHold, ...staticSets.values(), ...podSets.values()].map((set) => [
          set.name,
          set,
        ]),
      ),
      chains: new Map(allChains.map((chain) => [chain.name, chain])),
    }
  }

  /** The hold's sets as they change, or as they come or go with it. */
  function updateKnown(
    before: Frame,
    stale: ReadonlySet<string>,
    settled: ReadonlySet<string>,
    last: ReturnType<typeof lastOfEach>,
  ) {
    const unchanged = { created: [], deleted: [], elements: new Map<string, ElementChange>(), hasLeft: false }
    if (hold.kind === 'off') {
      const deleted = before.hold.kind === 'on' ? known.sets() : []
      known.clear()
      return { ...unchanged, deleted }
    }
    const isNew = before.hold.kind === 'off'
    const cameOrWent = new Set([...last.namespaces.keys()].filter((name) => namespaces.has(name) !== settled.has(name)))
    const ofPods = [...locals].filter(({ pod }) => isNew || cameOrWent.has(pod.namespace)).flatMap(({ owned }) => owned)
    const { elements, hasLeft } = known.update([...stale, ...ofPods], look)
    return isNew ? { ...unchanged, created: known.sets() } : { ...unchanged, elements, hasLeft }
  }

  return {
    apply(changes) {
      const last = lastOfEach(changes)
      const affected = affectedPods(last)
      const before = podSets.contributions(affected)
      const stale = new Set<string>()
      for (const entry of affected) {
        if (entry.subjectBucket !== undefined) for (const address of entry.owned) stale.add(address)
        detach(entry)
      }

      const sandboxed = changedSandboxes(last)
      const renewed = new Set(sandboxed.flatMap((sandbox) => pods.get(podName(sandbox)) ?? []))
      for (const key of last.pods.keys()) {
        const entry = pods.get(key)
        if (entry !== undefined) renewed.add(entry)
      }
      for (const entry of renewed) owners.withdraw(entry)

      const frameBefore = frame()
      const settled = new Set([...last.namespaces.keys()].filter((name) => namespaces.has(name)))
      for (const [name, namespace] of last.namespaces) {
        if (namespace === undefined) namespaces.delete(name)
        else namespaces.set(name, namespace)
      }
      for (const [key, sandbox] of last.sandboxes) sandboxes.replace(key, sandbox)
      hold = last.hold ?? hold
      sandboxes.open(hold.kind === 'on')
      for (const [key, pod] of last.pods) {
        const entry = pods.get(key)
        if (entry !== undefined) {
          affected.delete(entry)
          renewed.delete(entry)
        }
        if (pod === undefined) {
          pods.delete(key)
          continue
        }
        const next = createPodEntry(pod)
        pods.set(next)
        affected.add(next)
        renewed.add(next)
      }
      for (const entry of renewed) owners.claim(entry)
      for (const entry of affected) attach(entry)

      const resubjected = new Set([...affected].filter(({ subjectBucket }) => subjectBucket !== undefined))
      for (const [key, policy] of last.policies) {
        for (const bucket of book.replace(key, policy)) for (const entry of bucket.members) resubjected.add(entry)
      }
      for (const entry of resubjected) {
        entry.isolated = book.isolate(entry)
        for (const address of entry.owned) stale.add(address)
      }

      for (const { addresses } of sandboxed) for (const address of addresses) stale.add(address)
      const isolated = isolation.update(stale, ownerHere)
      const frameAfter = frame()
      const frames = compareFrames(options, frameBefore, frameAfter)
      const local = updateKnown(frameBefore, stale, settled, last)
      const sets = podSets.takeChanges(affected, before, podSets.contributions(affected))
      const contentChains = chains.takeChanges()
      const contentSets = staticSets.takeChanges()
      const change: RulesetChange = {
        createdSets: [...contentSets.created, ...sets.created, ...local.created],
        deletedSets: [...contentSets.deleted, ...sets.deleted, ...local.deleted],
        elements: new Map([...sets.elements, ...isolated.elements, ...local.elements]),
        createdChains: [...contentChains.created, ...isolated.createdChains, ...frames.created],
        rewrittenChains: [
          ...isolated.rewrittenChains,
          ...besideRecutRanges(sets.elements, isolated),
          ...frames.rewritten,
        ],
        deletedChains: [...contentChains.deleted, ...isolated.deletedChains, ...frames.deleted],
        narrows: isolated.narrows || sets.loses || frames.judgesAnew || (frameAfter.isHolding && local.hasLeft),
      }
      size.follow(change)
      return change
    },

    ruleset,

    view: {
      chain: (name) => chains.get(name) ?? isolation.chain(name),
      set: (name) => podSets.get(name) ?? staticSets.get(name),
    },

    graph() {
      const graphPods = [...pods.values()]
        .map(({ pod, owned, isolated: { ingress, egress } }): GraphPod => ({ pod, addresses: owned, ingress, egress }))
        .sort((left, right) => (podKey(left.pod) < podKey(right.pod) ? -1 : 1))
      return {
        pods: new Map(graphPods.map((graphPod) => [podKey(graphPod.pod), graphPod])),
        owners: new Map(graphPods.flatMap((graphPod) => graphPod.addresses.map((address) => [address, graphPod]))),
        namespaceLabels,
        declaresNamespace: (name) => namespaces.has(name),
        policies: [...book.values()],
      }
    },

    ownerOf: (address) => owners.ownerOf(address)?.pod,
    problems: () => findProblems(book.closed(), pods.values()),
    size,
    local: createLocalView(locals, book),
    held() {
      if (!frame().isHolding) return []
      return [...sandboxes.live()].flatMap((sandbox) => {
        const pod = pods.get(podName(sandbox))?.pod
        const isOwn = pod !== undefined && sandboxes.ofPod(pod) === sandbox
        const why = () => whyHeld(pod, pod !== undefined && isLocal(pod), isOwn, namespaces.has(sandbox.namespace))
        return sandbox.addresses
          .filter((address) => !known.has(address))
          .map((address): HeldAddress => ({ address, sandbox, why: why() }))
      })
    },
    holdState: () => (frame().isHolding ? 'holding' : hold.kind),
    runsIn(key) {
      const sandbox = sandboxes.get(key)
      const pod = sandbox && pods.get(podName(sandbox))?.pod
      return pod !== undefined && !pod.finished && sandboxes.ofPod(pod) === sandbox
    },
    passes: (address) => known.has(address),
    uidOf: (pod) => pods.get(pod)?.pod.uid,
    openAddresses: () => [...known.known()].filter((address) => !isolation.isIsolated(address)),
    selections: () => [...book.values()].map((policy) => ({ policy, pods: book.podsOf(policy).map(({ pod }) => pod) })),
  }
}
