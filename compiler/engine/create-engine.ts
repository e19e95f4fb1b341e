import { podName } from '../objects/pod-name.ts'
import { createLabelInterner, type LabelSet } from '../objects/label-set.ts'
import { type Direction, DIRECTIONS } from '../objects/direction.ts'
import { NAMESPACE_NAME_LABEL } from '../objects/decode-namespace.ts'
import type { Namespace } from '../objects/objects.ts'
import { DEFAULT_AUDIT } from '../objects/is-audited.ts'
import type { PolicyState } from '../objects/policy-mode.ts'
import { type Anchor, createAnchor } from '../nftables/anchor.ts'
import { baseSets } from '../nftables/base-sets.ts'
import { type Frame, frameChains } from '../nftables/frame-chains.ts'
import { observeChains } from '../nftables/observe-chains.ts'
import { deniedSets, seenSets, wouldSets } from '../nftables/recorded-sets.ts'
import type { ChainValue, Ruleset, RulesetChange, SetValue } from '../nftables/ruleset.ts'
import { fixedChains } from '../nftables/static-chains.ts'
import { createMembershipIndex } from '../selectors/membership-index.ts'
import { claimedAddresses, createAddressOwners } from './address-owners.ts'
import { lastOfEach } from './change.ts'
import { createClassRegistry } from './class-registry.ts'
import { type ClassUser, classUses } from './class-use.ts'
import { createContentRegistry } from './content-registry.ts'
import { compareFrames } from './compare-frames.ts'
import { createHold } from './create-hold.ts'
import type { Engine, EngineOptions } from './engine.ts'
import { createPodPlaces } from './pod-places.ts'
import { recutReaders } from './recut-readers.ts'
import { createIsolationTable } from './isolation-table.ts'
import { makeGraph } from './make-graph.ts'
import { createLocalView, selectionsOf } from './local-view.ts'
import { createPodEntry, type PodEntry } from './pod-entry.ts'
import { createPodMap } from './pod-map.ts'
import { createPolicyBook, isClosed } from './policy-book.ts'
import { createPolicyStates } from './policy-states.ts'
import { findProblems } from './problems.ts'
import { createRulesetSize } from './ruleset-size.ts'
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
 *
 * At first it holds no object.
 */
export function createEngine({ isLocal, ruleset: options, audit = DEFAULT_AUDIT }: EngineOptions): Engine {
  const pods = createPodMap()
  const namespaces = new Map<string, Namespace>()
  const internLabels = createLabelInterner()
  const labelsOf = (name: string, namespace: Namespace | undefined): LabelSet =>
    namespace?.labels ?? internLabels([[NAMESPACE_NAME_LABEL, name]])
  const namespaceLabels = (name: string): LabelSet => labelsOf(name, namespaces.get(name))

  const sandboxes = createSandboxBook()
  const claimsOf = (entry: PodEntry) => claimedAddresses(entry, isLocal(entry.pod), sandboxes)
  const owners = createAddressOwners({ claimsOf, sandboxes })
  const peers = createMembershipIndex<PodEntry>(namespaceLabels)
  const subjects = createMembershipIndex<PodEntry>(namespaceLabels)
  const book = createPolicyBook(subjects)
  const states = createPolicyStates({ audit, namespaces, book })
  const podSets = createSetRegistry(peers)
  const chains = createContentRegistry<ChainValue>()
  const staticSets = createContentRegistry<SetValue>()
  const classes = createClassRegistry(chains, staticSets, podSets)
  const isolation = createIsolationTable(classes, anchorOf)
  /** The subjects: pods of this node that policies may select. */
  const locals = new Set<PodEntry>()
  let suspectsPolicies = false
  const hold = createHold({ options, isLocal, pods, locals, namespaces, sandboxes, ownerHere })
  const places = createPodPlaces({
    isLocal,
    pods,
    locals,
    owners,
    claimsOf,
    peers,
    subjects,
    book,
    labelsOf,
    namespaceLabels,
  })
  const size = createRulesetSize(ruleset())

  function frame(): Frame {
    const [hasPolicies] = book.values()
    const { subnets } = hold
    const isHolding = subnets.kind === 'on' && (suspectsPolicies || hasPolicies !== undefined)
    return { isGuarded: !isolation.isEmpty(), audits: book.audits, hold: subnets, isHolding }
  }

  function ownerHere(address: string): PodEntry | undefined {
    const owner = owners.ownerOf(address)
    return owner?.subjectBucket === undefined ? undefined : owner
  }

  function anchorOf(entry: PodEntry, direction: Direction, state: PolicyState): Anchor {
    const { namespace, labels, ports } = entry.pod
    const selectors = book.grantingSelectors(entry, direction, state)
    return createAnchor({ direction, state, selectors, namespace, labels, ports })
  }

  function* classUsers(): Iterable<ClassUser> {
    for (const [address, classes] of isolation.classes()) {
      const entry = ownerHere(address)
      if (entry === undefined) continue
      for (const direction of DIRECTIONS) {
        const node = classes[direction]
        if (node !== undefined) yield { node, direction, pod: entry.pod, policies: book.policiesOf(entry, node.state) }
      }
    }
  }

  function ruleset(): Ruleset {
    const rows = isolation.values()
    const base = baseSets().map((set): SetValue => {
      const elements = new Set(rows.elements.get(set.name))
      return set.kind === 'map' ? { ...set, elements, targets: rows.targets.get(set.name) } : { ...set, elements }
    })
    const [observing, seen] = options.observe ? [observeChains(), seenSets()] : [[], []]
    const fixed = [...fixedChains(options), ...observing]
    const recorded = [...deniedSets(), ...seen, ...(book.audits ? wouldSets() : [])]
    const allChains = [...fixed, ...frameChains(options, frame()), ...rows.chains, ...chains.values()]
    const allSets = [...base, ...recorded, ...hold.sets(), ...staticSets.values(), ...podSets.values()]
    return {
      sets: new Map(allSets.map((set) => [set.name, set])),
      chains: new Map(allChains.map((chain) => [chain.name, chain])),
    }
  }

  return {
    apply(changes) {
      const last = lastOfEach(changes)
      const sandboxed = hold.changedSandboxes(last)
      const affected = places.affectedBy(last, sandboxed)
      const before = podSets.contributions(affected)
      const stale = new Set<string>()
      for (const entry of affected) {
        if (entry.subjectBucket !== undefined) for (const address of entry.owned) stale.add(address)
        places.detach(entry)
      }

      const renewed = new Set(sandboxed.flatMap((sandbox) => pods.get(podName(sandbox)) ?? []))
      for (const key of last.pods.keys()) {
        const entry = pods.get(key)
        if (entry !== undefined) renewed.add(entry)
      }
      for (const entry of renewed) owners.withdraw(entry)

      const frameBefore = frame()
      const modesBefore = states.modesOf(last.namespaces.keys())
      const settled = new Set([...last.namespaces.keys()].filter((name) => namespaces.has(name)))
      for (const [name, namespace] of last.namespaces) {
        if (namespace === undefined) namespaces.delete(name)
        else namespaces.set(name, namespace)
      }
      hold.take(last)
      suspectsPolicies = last.suspectsPolicies ?? suspectsPolicies
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
      for (const entry of affected) places.attach(entry)

      const resubjected = new Set([...affected].filter(({ subjectBucket }) => subjectBucket !== undefined))
      for (const [key, policy] of states.restated(last.policies, modesBefore)) {
        const state = policy === undefined ? 'enforced' : states.stateOf(policy)
        for (const bucket of book.replace(key, policy, state))
          for (const entry of bucket.members) resubjected.add(entry)
      }
      for (const entry of resubjected) {
        entry.isolated = book.isolate(entry)
        for (const address of entry.owned) stale.add(address)
      }

      for (const { addresses } of sandboxed) for (const address of addresses) stale.add(address)
      const isolated = isolation.update(stale, ownerHere)
      const frameAfter = frame()
      const frames = compareFrames(options, frameBefore, frameAfter)
      const local = hold.update(frameBefore.hold, stale, settled, last)
      const sets = podSets.takeChanges(affected, before, podSets.contributions(affected))
      const contentChains = chains.takeChanges()
      const contentSets = staticSets.takeChanges()
      const change: RulesetChange = {
        createdSets: [...contentSets.created, ...sets.created, ...local.created, ...frames.createdSets],
        deletedSets: [...contentSets.deleted, ...sets.deleted, ...local.deleted, ...frames.deletedSets],
        elements: new Map([...sets.elements, ...isolated.elements, ...local.elements]),
        createdChains: [...contentChains.created, ...isolated.createdChains, ...frames.created],
        rewrittenChains: [
          ...isolated.rewrittenChains,
          ...recutReaders(sets.elements, isolated, isolation),
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

    graph: () => makeGraph(pods, book, namespaces, namespaceLabels),

    ownerOf: (address) => owners.ownerOf(address)?.pod,
    problems: () => findProblems(book.closed(), pods.values()),
    auditProblems: () => findProblems([...book.audited()].filter(isClosed), locals, 'audited'),
    worlds: () => ({ enforced: [...book.values()], audited: [...book.audited()], namespaceLabels }),
    audited: () => [...book.audited()],
    asksAny: isolation.asksAny,
    size,
    local: createLocalView(locals, book),
    held: () => (frame().isHolding ? hold.held() : []),
    unheardOf: () =>
      (hold.subnets.kind === 'off' ? [] : hold.held()).flatMap(({ sandbox, isUnheardOf }) =>
        isUnheardOf ? [sandbox] : [],
      ),
    unnoted: hold.unnoted,
    disagreements: hold.disagreements,
    holdState: () => (frame().isHolding ? 'holding' : hold.subnets.kind),
    runsIn: hold.runsIn,
    passes: hold.passes,
    podOf: (pod) => pods.get(pod)?.pod,
    podsIn: (namespace) => Array.from(pods.of(namespace), ({ pod }) => pod),
    classUses: () => classUses(classUsers()),
    openAddresses: () => [...hold.passing()].filter((address) => !isolation.isIsolated(address)),
    selections: () => selectionsOf(book, book.values()),
  }
}
