import { elementKey } from './map-elements.ts'
import { chainBlock, elementLines, indent, ruleText, setBlock, TABLE } from './statement-text.ts'
import type { ChainValue, SetValue } from './ruleset.ts'

/** Things to do in one transaction; they are written in the order that nft needs. */
export interface Steps {
  readonly createdSets: SetValue[]
  readonly createdChains: ChainValue[]
  readonly rewrittenChains: ChainValue[]
  readonly addedElements: Map<string, readonly string[]>
  readonly removedElements: Map<string, readonly string[]>
  /** Chains that lose their rules now and are deleted by a later transaction. */
  readonly emptiedChains: string[]
  /** Sets that nobody reads, and that may hold anything. */
  readonly emptiedSets: string[]
  readonly deletedChains: string[]
  readonly deletedSets: Pick<SetValue, 'kind' | 'name'>[]
}

export function noSteps(): Steps {
  return {
    createdSets: [],
    createdChains: [],
    rewrittenChains: [],
    addedElements: new Map(),
    removedElements: new Map(),
    emptiedChains: [],
    emptiedSets: [],
    deletedChains: [],
    deletedSets: [],
  }
}

/** The first steps and then the others, as one transaction: of a chain that both rewrite nobody sees the first text. */
export function joinSteps(first: Steps, then: Steps): Steps {
  const rewritten = new Set(then.rewrittenChains.map(({ name }) => name))
  return {
    createdSets: [...first.createdSets, ...then.createdSets],
    createdChains: [...first.createdChains, ...then.createdChains],
    rewrittenChains: [...first.rewrittenChains.filter(({ name }) => !rewritten.has(name)), ...then.rewrittenChains],
    addedElements: joinElements(first.addedElements, then.addedElements),
    removedElements: joinElements(first.removedElements, then.removedElements),
    emptiedChains: [...first.emptiedChains, ...then.emptiedChains],
    emptiedSets: [...first.emptiedSets, ...then.emptiedSets],
    deletedChains: [...first.deletedChains, ...then.deletedChains],
    deletedSets: [...first.deletedSets, ...then.deletedSets],
  }
}

function joinElements(first: Steps['addedElements'], then: Steps['addedElements']): Steps['addedElements'] {
  const joined = new Map(first)
  for (const [name, elements] of then) joined.set(name, [...(joined.get(name) ?? []), ...elements])
  return joined
}

/** The transaction as text for `nft -f`; empty when there is nothing to do. */
export function transactionText(steps: Steps): string {
  const lines = [...linesOf(steps)]
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`
}

function* linesOf(steps: Steps): Iterable<string> {
  // Chains come before the maps whose elements jump to them, rules after the sets that they look into.
  const blocks = [...steps.createdChains.map(chainBlock), ...steps.createdSets.map(setBlock)]
  if (blocks.length > 0) {
    yield `table ${TABLE} {`
    for (const block of blocks) yield* indent(block)
    yield '}'
  }
  // A range that is cut anew goes before it comes: the kernel calls the other order 'File exists'.
  const recut = [...steps.removedElements].filter(([name]) => steps.addedElements.has(name))
  for (const [name, elements] of recut) yield* elementCommand('delete', name, elements)
  for (const [name, elements] of steps.addedElements) yield* elementCommand('add', name, elements)
  for (const chain of steps.rewrittenChains) {
    yield `flush chain ${TABLE} ${chain.name}`
    for (const rule of chain.rules) yield `add rule ${TABLE} ${chain.name} ${ruleText(rule)}`
  }
  for (const [name, elements] of steps.removedElements) {
    if (!steps.addedElements.has(name)) yield* elementCommand('delete', name, elements)
  }
  // What goes may refer to what goes: chains are emptied first, then maps and chains deleted, last the sets.
  for (const name of [...steps.emptiedChains, ...steps.deletedChains]) yield `flush chain ${TABLE} ${name}`
  for (const name of steps.emptiedSets) yield `flush set ${TABLE} ${name}`
  for (const { kind, name } of steps.deletedSets) if (kind === 'map') yield `delete map ${TABLE} ${name}`
  for (const name of steps.deletedChains) yield `delete chain ${TABLE} ${name}`
  for (const { kind, name } of steps.deletedSets) if (kind === 'set') yield `delete set ${TABLE} ${name}`
}

function elementCommand(verb: 'add' | 'delete', name: string, elements: readonly string[]): readonly string[] {
  if (elements.length === 0) return []
  const keys = verb === 'delete' ? elements.map(elementKey) : elements
  const [first = '', ...rest] = elementLines(keys)
  return [`${verb} element ${TABLE} ${name} ${first.replace('elements = ', '')}`, ...rest]
}
