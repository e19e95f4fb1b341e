import { isOfAnotherPod, LOCAL_SETS, localAddress } from './hold-sets.ts'
import { isClassChainName, isPodChainName } from './names.ts'
import { recutSets } from './overlapping-ranges.ts'
import { reachedFrom } from './reached-sets.ts'
import {
  type ChainValue,
  type ElementChange,
  type Ruleset,
  type RulesetChange,
  type RulesetView,
  sameRules,
  type SetValue,
} from './ruleset.ts'

/**
 * What turns the first ruleset into the second, whatever they are. Without the grants behind the chains it must take
 * every rewritten chain and every lost element for a right taken away.
 */
export function compareRulesets(before: Ruleset, after: Ruleset): RulesetChange {
  const elements = new Map<string, ElementChange>()
  for (const [name, set] of after.sets) {
    const old = before.sets.get(name)
    if (old === undefined || !sameDeclaration(old, set) || set.recorded !== undefined) continue
    const change = LOCAL_SETS.has(name) ? compareLocal(old, set) : compareElements(old, set)
    if (change.added.length + change.removed.length > 0) elements.set(name, change)
  }
  const createdChains: ChainValue[] = []
  const rewrittenChains: { before: ChainValue; after: ChainValue }[] = []
  for (const [name, chain] of after.chains) {
    const old = before.chains.get(name)
    if (old === undefined) createdChains.push(chain)
    else if (!sameRules(old, chain)) rewrittenChains.push({ before: old, after: chain })
  }
  const written = new Set([...createdChains, ...rewrittenChains.map((chain) => chain.after)].map(({ name }) => name))
  return {
    createdSets: [...after.sets.values()].filter((set) => !sameDeclaration(before.sets.get(set.name), set)),
    deletedSets: [...before.sets.values()].filter((set) => !sameDeclaration(after.sets.get(set.name), set)),
    elements,
    createdChains,
    rewrittenChains: [...rewrittenChains, ...recutReaders(elements, after, written)],
    deletedChains: [...before.chains.values()].filter(({ name }) => !after.chains.has(name)),
    narrows:
      createdChains.length > 0 ||
      isRedeclared(before, after) ||
      rewrittenChains.length > 0 ||
      [...elements].some(
        ([name, { added, removed }]) =>
          // A pod's way to its chain that comes back takes rights away.
          removed.length > 0 || (added.length > 0 && after.sets.get(name)?.kind === 'map'),
      ),
  }
}

/**
 * Chains of pods that stay as they are while ranges of ports are cut anew in a set that they read: they go round by a copy, or a
 * packet would for an instant find neither the old range nor the new.
 */
function recutReaders(
  elements: RulesetChange['elements'],
  { chains, sets }: Ruleset,
  written: ReadonlySet<string>,
): RulesetChange['rewrittenChains'] {
  const recut = [...recutSets(elements)]
  if (recut.length === 0) return []
  const view: RulesetView = {
    chain: (name) => (isClassChainName(name) ? chains.get(name) : undefined),
    set: (name) => sets.get(name),
  }
  return [...chains.values()]
    .filter(({ name }) => isPodChainName(name) && !written.has(name))
    .filter((chain) => recut.some((name) => reachedFrom(chain, view).sets.has(name)))
    .map((chain) => ({ before: chain, after: chain }))
}

/**
 * Does a set stand under a name of ours that is declared otherwise: another kind, key or flags? It is among the deleted and the
 * created ones, and no transaction replaces it while rules read it: the table has to be built anew.
 */
export function isRedeclared(before: Ruleset, after: Ruleset): boolean {
  return [...after.sets.values()].some((set) => {
    const old = before.sets.get(set.name)
    return old !== undefined && !sameDeclaration(old, set)
  })
}

function compareElements(old: SetValue, now: SetValue): ElementChange {
  return {
    added: [...now.elements].filter((element) => !old.elements.has(element)),
    removed: [...old.elements].filter((element) => !now.elements.has(element)),
  }
}

/** An address beside which no pod is noted, as an older version of ours leaves it, passes as it is. */
function compareLocal(old: SetValue, now: SetValue): ElementChange {
  const [stands, wanted] = [old, now].map(
    ({ elements }) => new Map([...elements].map((element) => [localAddress(element), element])),
  ) as [Map<string, string>, Map<string, string>]
  const lacks = (others: ReadonlyMap<string, string>) => (element: string) => {
    const other = others.get(localAddress(element))
    return other === undefined || isOfAnotherPod(element, other)
  }
  return { added: [...now.elements].filter(lacks(stands)), removed: [...old.elements].filter(lacks(wanted)) }
}

function sameDeclaration(left: SetValue | undefined, right: SetValue): boolean {
  return (
    left?.kind === right.kind &&
    left.interval === right.interval &&
    left.type.join() === right.type.join() &&
    left.recorded?.size === right.recorded?.size &&
    left.recorded?.timeoutSeconds === right.recorded?.timeoutSeconds
  )
}
