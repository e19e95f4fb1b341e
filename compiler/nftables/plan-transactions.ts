import { BASE_SETS } from './base-sets.ts'
import { HELD_CHAINS, PACKETS_CHAINS } from './frame-chains.ts'
import { HOLD_SETS, LOCAL_SETS } from './hold-sets.ts'
import { divertConflicts } from './divert-conflicts.ts'
import { isEndpointRangesName, isPodChainName, isPortChainName } from './names.ts'
import { hasOverlaps } from './overlapping-ranges.ts'
import type { RulesetOptions } from './options.ts'
import { type ReadSets, readSets, setsRead } from './reached-sets.ts'
import { jumpsOf } from './rule-value.ts'
import { type ChainValue, type RulesetChange, type RulesetView, sameRules } from './ruleset.ts'
import { withoutSteady } from './steady-sets.ts'
import { GENERATION_CHAINS, generationChains } from './static-chains.ts'
import { joinSteps, noSteps, type Steps, transactionText } from './transaction-text.ts'

/**
 * The transactions, in order, that make the change. A packet walks one version of the rules but reads sets as they are
 * at that instant, so a change of rules and of the sets that they read is never one instant; yet through all of it
 * every packet gets, in each direction, the verdict of before or of after:
 *
 *   close     the hold's rules, where they come; addresses that it does not let pass any more, or that another pod has: before
 *             their isolation ends
 *   release   isolation ended, while the sets that those pods' chains read are still as they were
 *   prepare   what is new and nobody reads yet; elements for sets that no rewritten chain read before
 *   narrow    elements out of sets that rewritten chains will read, and did not
 *   swap      chains rewritten: a packet sees all of it or nothing
 *   widen     elements into sets that rewritten chains did read
 *   settle    all other elements out
 *   begin     isolation begun, with sets as they will stay; the hold's rules gone; generation bumped when a right was taken
 *   open      addresses that the hold lets pass, their isolation standing
 *   return    only after a diversion: see divertConflicts
 *   collect   what nobody refers to any more; chains that a deleted map led to one transaction later still, since
 *             kernels before 6.2 call them busy till then
 *
 * Steps are joined where no packet can see it; the usual event is one transaction, and perhaps one to collect.
 * `nextGeneration` is used when the change narrows, and must not be carried by any live conntrack entry.
 */
export function planTransactions(
  change: RulesetChange,
  after: RulesetView,
  options: RulesetOptions,
  nextGeneration: number,
): readonly string[] {
  const before = viewBefore(change, after)
  // The frame's chains lead to every set, and are no pod's.
  const [frame, ofPods] = [
    change.rewrittenChains.filter(isOfFrame),
    change.rewrittenChains.filter((one) => !isOfFrame(one)),
  ]
  const podChange = { ...change, rewrittenChains: ofPods }
  const read = readSets(podChange, before, after)
  const diversion = divertConflicts(podChange, after, withoutSteady(read, change.elements))
  const unread = new Set(frame.filter(beginsToHold).flatMap(({ after: chain }) => localSetsOf(chain)))
  const steps = sortChange(podChange, diversion.read, unread)
  // Its rules come before isolation ends that they stand in for, and go after isolation that stands in for them has begun.
  for (const { before: old, after: now } of frame) {
    const both = PACKETS_CHAINS.has(now.name) ? withRulesOf(now, old) : now
    if (!sameRules(both, old)) steps.close.rewrittenChains.push(both)
    if (!sameRules(both, now)) steps.begin.rewrittenChains.push(now)
  }
  for (const set of diversion.sets) steps.prepare.createdSets.push(set)
  for (const chain of diversion.chains) steps.prepare.createdChains.push(chain)
  const swap = { ...steps.swap, rewrittenChains: steps.swap.rewrittenChains.map(diversion.divert) }
  if (change.narrows && options.established === 'rejudge') {
    for (const chain of generationChains(options, nextGeneration)) steps.begin.rewrittenChains.push(chain)
  }
  const released = setsRead(
    change.deletedChains.filter(({ name }) => isPodChainName(name)),
    before,
  )
  const main = joinWhereUnseen(
    [steps.close, steps.release, steps.prepare, steps.narrow, swap, steps.widen, steps.settle, steps.begin, steps.open],
    {
      ...read,
      released,
    },
  )

  const deletedChains = [...change.deletedChains, ...diversion.chains].map(({ name }) => name)
  const [late, early] = [deletedChains.filter(isPortChainName), deletedChains.filter((name) => !isPortChainName(name))]
  const deletedSets = [...change.deletedSets, ...diversion.sets]
  const collect: Steps = { ...steps.collect, emptiedChains: late, deletedChains: early, deletedSets }
  return [...main, diversion.back, collect, { ...noSteps(), deletedChains: late }]
    .map(transactionText)
    .filter((text) => text !== '')
}

function isOfFrame({ after: { name } }: { readonly after: ChainValue }): boolean {
  return PACKETS_CHAINS.has(name) || HELD_CHAINS.has(name)
}

function leadsToHold({ rules }: ChainValue): boolean {
  return rules.some((one) => jumpsOf(one).some(({ chain }) => HELD_CHAINS.has(chain)))
}

function beginsToHold({ before, after }: { readonly before: ChainValue; readonly after: ChainValue }): boolean {
  return !leadsToHold(before) && leadsToHold(after)
}

/** The sets of the chain's family. */
function localSetsOf({ name }: ChainValue): readonly string[] {
  return [...LOCAL_SETS].filter((set) => set.endsWith(name.slice(-1)))
}

/** The one chain with what only the other one has, too, where they first differ: they differ in rules of the hold alone. */
function withRulesOf(now: ChainValue, old: ChainValue): ChainValue {
  const texts = new Set(now.rules.map(({ text }) => text))
  const missing = old.rules.filter(({ text }) => !texts.has(text))
  const place = now.rules.findIndex(({ text }, index) => text !== old.rules[index]?.text)
  return missing.length === 0
    ? now
    : { ...now, rules: [...now.rules.slice(0, place), ...missing, ...now.rules.slice(place)] }
}

/** The values of before: what is deleted or rewritten as it was, the rest as it is. */
function viewBefore(change: RulesetChange, after: RulesetView): RulesetView {
  const chains = new Map([...change.deletedChains, ...change.rewrittenChains.map((chain) => chain.before)].map(named))
  const sets = new Map(change.deletedSets.map(named))
  return { chain: (name) => chains.get(name) ?? after.chain(name), set: (name) => sets.get(name) ?? after.set(name) }
}

function named<Value extends { readonly name: string }>(value: Value): readonly [string, Value] {
  return [value.name, value]
}

/** Puts each part of the change into its step. */
function sortChange(change: RulesetChange, read: ReadSets, unread: ReadonlySet<string>) {
  const steps = {
    close: noSteps(),
    release: noSteps(),
    prepare: noSteps(),
    narrow: noSteps(),
    swap: noSteps(),
    widen: noSteps(),
    settle: noSteps(),
    begin: noSteps(),
    open: noSteps(),
    collect: noSteps(),
  }
  for (const set of change.createdSets) {
    const step = HOLD_SETS.has(set.name) ? steps.close : steps.prepare
    step.createdSets.push(set)
  }
  for (const chain of change.createdChains) {
    const step = HELD_CHAINS.has(chain.name) ? steps.close : isPodChainName(chain.name) ? steps.begin : steps.prepare
    step.createdChains.push(chain)
  }
  for (const chain of change.rewrittenChains) steps.swap.rewrittenChains.push(chain.after)
  for (const [name, { added, removed }] of change.elements) {
    if (HOLD_SETS.has(name)) {
      const gain = unread.has(name) ? steps.close : steps.open
      if (added.length > 0) gain.addedElements.set(name, added)
      // Who is not about to start any more is known by then, or nobody.
      const loss = LOCAL_SETS.has(name) ? steps.close : steps.open
      if (removed.length > 0) loss.removedElements.set(name, removed)
      continue
    }
    const isBase = BASE_SETS.has(name)
    const gain = isBase ? steps.begin : read.before.has(name) ? steps.widen : steps.prepare
    // A packet that was sent into a pod's chain just before its release still finds its way to itself.
    const release = name.startsWith('self') ? steps.collect : steps.release
    const loss = isBase ? release : read.after.has(name) ? steps.narrow : steps.settle
    if (isEndpointRangesName(name) && hasOverlaps({ added, removed })) {
      steps.settle.addedElements.set(name, added)
      steps.settle.removedElements.set(name, removed)
      continue
    }
    if (added.length > 0) gain.addedElements.set(name, added)
    if (removed.length > 0) loss.removedElements.set(name, removed)
  }
  return steps
}

/**
 * Joins steps that may be one transaction. Apart from interval sets, rules of before can meet elements of after, never the
 * other way round; so elements may leave a set together with other things only when no packet of the old rules can miss them, and never
 * together with elements that come: a packet that looks into both sets would find neither.
 */
function joinWhereUnseen(
  steps: readonly Steps[],
  read: ReadSets & { readonly released: ReadonlySet<string> },
): readonly Steps[] {
  const joined: Steps[] = []
  for (const step of steps) {
    const last = joined.at(-1)
    if (last === undefined || !mayJoin(last, step, read)) joined.push(step)
    else joined[joined.length - 1] = joinSteps(last, step)
  }
  return joined
}

function mayJoin(first: Steps, then: Steps, read: ReadSets & { readonly released: ReadonlySet<string> }): boolean {
  if (isNothing(first) || isNothing(then)) return true
  // A packet that has passed the hold still looks for its pod's isolation, and for peers there.
  const closes = holds(first.removedElements) || rewritesFrame(first)
  if (closes && (takesIsolation(then) || peerSets(then.addedElements).length > 0)) return false
  // An address that another pod has goes before it comes. And a packet on its way that finds the address walks the chains of before.
  if (holds(then.addedElements) && (holds(first.removedElements) || changesWays(first))) return false
  if (addsLate(first) && putsInUse(then)) return false
  if (removesLate(first) && (putsInUse(then) || judgesAgain(then))) return false
  const losses = [...peerSets(first.removedElements), ...peerSets(then.removedElements)]
  const gains = [...peerSets(first.addedElements), ...peerSets(then.addedElements)]
  if (losses.length > 0 && gains.length > 0) return false
  const swaps = first.rewrittenChains.length + then.rewrittenChains.length > 0
  const releases = [...first.removedElements.keys(), ...then.removedElements.keys()].some((name) => BASE_SETS.has(name))
  if (swaps && [...losses, ...gains].some((name) => read.before.has(name))) return false
  return !(releases && losses.some((name) => read.released.has(name)))
}

/**
 * Interval sets of several fields show what a transaction made of them only after the switch to its rules (nf_tables_commit calls
 * nft_set_commit_update last), so what reads new elements has to come a transaction later.
 */
function addsLate({ createdSets, addedElements }: Steps): boolean {
  const created = createdSets.some(({ interval, elements }) => interval && elements.size > 0)
  return created || [...addedElements.keys()].some(isEndpointRangesName)
}

/**
 * On kernels from 6.17, and on stable ones that have b2f742c846ca, what was removed from such a set is found until then, too. Under
 * the new rules a packet would get a right that is gone; and under the new generation its flow would keep it for ever.
 */
function removesLate({ removedElements }: Steps): boolean {
  return [...removedElements.keys()].some(isEndpointRangesName)
}

function putsInUse({ createdChains, rewrittenChains }: Steps): boolean {
  return [...createdChains, ...rewrittenChains].some(({ name }) => isPodChainName(name))
}

/** Does it bring a new generation, under which flows are remembered from then on? */
function judgesAgain({ rewrittenChains }: Steps): boolean {
  return rewrittenChains.some(({ name }) => GENERATION_CHAINS.has(name))
}

function peerSets(elements: ReadonlyMap<string, unknown>): readonly string[] {
  return [...elements.keys()].filter((name) => !BASE_SETS.has(name) && !HOLD_SETS.has(name))
}

function holds(elements: ReadonlyMap<string, unknown>): boolean {
  return [...elements.keys()].some((name) => LOCAL_SETS.has(name))
}

function rewritesFrame({ rewrittenChains }: Steps): boolean {
  return rewrittenChains.some(({ name }) => PACKETS_CHAINS.has(name))
}

/** Does isolation end, or lead elsewhere? */
function takesIsolation({ removedElements, rewrittenChains }: Steps): boolean {
  return (
    [...removedElements.keys()].some((name) => BASE_SETS.has(name)) ||
    rewrittenChains.some(({ name }) => isPodChainName(name))
  )
}

/** Are there, before, other ways or more peers for a packet of some pod, or elements that come into sight or go out of it late? */
function changesWays(steps: Steps): boolean {
  const isBegun = [...steps.addedElements.keys()].some((name) => BASE_SETS.has(name))
  const losesPeers = peerSets(steps.removedElements).length > 0
  return isBegun || losesPeers || putsInUse(steps) || addsLate(steps) || removesLate(steps)
}

function isNothing(steps: Steps): boolean {
  return Object.values(steps).every((part) => ('size' in part ? part.size : part.length) === 0)
}
