import { baseSets } from './base-sets.ts'
import { divertConflicts } from './divert-conflicts.ts'
import type { RulesetOptions } from './options.ts'
import { isPodChainName, isPortChainName } from './names.ts'
import { type ReadSets, reachedFrom } from './reached-sets.ts'
import type { ChainValue, RulesetChange, RulesetView } from './ruleset.ts'
import { generationChains } from './static-chains.ts'
import { joinSteps, noSteps, type Steps, transactionText } from './transaction-text.ts'

/**
 * The transactions, in order, that make the change. A packet walks one version of the rules but reads sets as they are
 * at that instant, so a change of rules and of the sets that they read is never one instant; yet through all of it
 * every packet gets, in each direction, the verdict of before or of after:
 *
 *   prepare   what is new and nobody reads yet; elements for sets that no rewritten chain read before
 *   narrow    elements out of sets that rewritten chains will read, and did not
 *   swap      chains rewritten (a packet sees all of it or nothing), isolation begun
 *   widen     elements into sets that rewritten chains did read
 *   settle    all other elements out, isolation ended, generation bumped when a right was taken
 *   return    only after a diversion: see divertConflicts
 *   collect   what nobody refers to any more; chains that a deleted map led to one transaction later still, since
 *             kernels before 6.2 call them busy till then
 *
 * Steps are joined where that cannot be seen by a packet; the usual event is one transaction, and one to collect.
 * `nextGeneration` is used when the change narrows, and must not be carried by any live conntrack entry.
 */
export function planTransactions(
  change: RulesetChange,
  after: RulesetView,
  options: RulesetOptions,
  nextGeneration: number,
): readonly string[] {
  const read = readSets(change, after)
  const diversion = divertConflicts(change, after, read)
  const { prepare, narrow, swap, widen, settle } = sortChange(change, diversion.read)

  prepare.createdSets.push(...diversion.sets)
  prepare.createdChains.push(...diversion.chains)
  const swapped: Steps = {
    ...swap,
    createdChains: swap.createdChains.map(diversion.divert),
    rewrittenChains: swap.rewrittenChains.map(diversion.divert),
  }
  if (change.narrows && options.established === 'rejudge') {
    settle.rewrittenChains.push(...generationChains(options, nextGeneration))
  }

  const steps: Steps[] = []
  if (isNothing(narrow)) steps.push(joinSteps(prepare, swapped))
  else steps.push(prepare, narrow, swapped)
  if (!isNothing(widen)) steps.push(widen)
  const adds = [prepare, widen].some(({ addedElements }) => addedElements.size > 0)
  const readBefore = [...settle.removedElements.keys()].some((name) => read.before.has(name))
  const last = steps.at(-1)
  if (last !== undefined && isNothing(widen) && !(adds && takesFromPeers(settle)) && !readBefore) {
    steps[steps.length - 1] = joinSteps(last, settle)
  } else steps.push(settle)
  steps.push(diversion.back)
  const deletedChains = [...change.deletedChains, ...diversion.chains].map(({ name }) => name)
  const [late, early] = [deletedChains.filter(isPortChainName), deletedChains.filter((name) => !isPortChainName(name))]
  steps.push({
    ...noSteps(),
    emptiedChains: late,
    deletedChains: early,
    deletedSets: [...change.deletedSets, ...diversion.sets],
  })
  steps.push({ ...noSteps(), deletedChains: late })
  return steps.map(transactionText).filter((text) => text !== '')
}

function readSets(change: RulesetChange, after: RulesetView): ReadSets {
  const deletedChains = new Map(change.deletedChains.map((chain) => [chain.name, chain]))
  const deletedSets = new Map(change.deletedSets.map((set) => [set.name, set]))
  const before: RulesetView = {
    chain: (name) => deletedChains.get(name) ?? after.chain(name),
    set: (name) => deletedSets.get(name) ?? after.set(name),
  }
  const reads = (chains: readonly ChainValue[], view: RulesetView) =>
    new Set(chains.flatMap((chain) => [...reachedFrom(chain, view).sets]))
  return {
    before: reads(
      change.rewrittenChains.map((chain) => chain.before),
      before,
    ),
    after: reads([...change.rewrittenChains.map((chain) => chain.after), ...change.createdChains], after),
  }
}

/** Puts each part of the change into its step. */
function sortChange(change: RulesetChange, read: ReadSets) {
  const [prepare, narrow, swap, widen, settle] = Array.from({ length: 5 }, noSteps) as [
    Steps,
    Steps,
    Steps,
    Steps,
    Steps,
  ]
  prepare.createdSets.push(...change.createdSets)
  for (const chain of change.createdChains) (isPodChainName(chain.name) ? swap : prepare).createdChains.push(chain)
  swap.rewrittenChains.push(...change.rewrittenChains.map(({ after }) => after))
  for (const [name, { added, removed }] of change.elements) {
    const base = BASE_SETS.has(name)
    if (added.length > 0) (base ? swap : read.before.has(name) ? widen : prepare).addedElements.set(name, added)
    if (removed.length > 0) (!base && read.after.has(name) ? narrow : settle).removedElements.set(name, removed)
  }
  return { prepare, narrow, swap, widen, settle }
}

const BASE_SETS: ReadonlySet<string> = new Set(baseSets().map(({ name }) => name))

function takesFromPeers({ removedElements }: Steps): boolean {
  return [...removedElements.keys()].some((name) => !BASE_SETS.has(name))
}

function isNothing(steps: Steps): boolean {
  return transactionText(steps) === ''
}
