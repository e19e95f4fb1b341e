/**
 * One rule: its statements, and a comment for people. Comments never take part in names. `text` is what nft reads, printed from
 * the statements when the rule is made (`rule-value.ts`); whoever asks for names asks the statements.
 */
export interface RuleValue {
  readonly text: string
  readonly statements: readonly Statement[]
  readonly comment?: string | undefined
}

/** A part of a rule that names a set, a map or a chain is a value; all others are text. */
export type Statement = string | Lookup | Jump | Recording

/** A look into a set or verdict map; the fields of the packet are joined by ` . `, as the fields of the key are. */
export interface Lookup {
  readonly field: string
  readonly into: 'set' | 'map'
  readonly name: string
}

/** Takes the packet's field (several joined by ` . `) into a set that only packets fill, and counts there. */
export interface Recording {
  readonly field: string
  readonly recordIn: string
}

/** Where a packet goes on: `jump` comes back, `goto` does not. */
export interface Jump {
  readonly verdict: 'jump' | 'goto'
  readonly chain: string
}

/** A chain; `hook` is the line that makes it a base chain. */
export interface ChainValue {
  readonly name: string
  readonly hook?: string | undefined
  readonly rules: readonly RuleValue[]
}

/** A set, or a verdict map. Elements are in the spelling that we give them, `key : verdict` in a map. */
export interface SetValue {
  readonly kind: 'set' | 'map'
  readonly name: string
  /** Where each key of a map leads; its elements are printed from it. */
  readonly targets?: ReadonlyMap<string, Jump> | undefined
  /** The key's fields, such as `ipv4_addr`, `inet_proto`, `inet_service`. */
  readonly type: readonly string[]
  readonly interval: boolean
  /** Packets fill it; `elements` is empty then, whatever stands in the kernel. */
  readonly recorded?: RecordedSet | undefined
  readonly comment?: string | undefined
  readonly elements: ReadonlySet<string>
}

/** Bounds of a set that packets fill: a full one takes nothing more, and what does not come again leaves it. */
export interface RecordedSet {
  /** Elements. */
  readonly size: number
  /** Since the last packet of that element. */
  readonly timeoutSeconds: number
}

/** The content of our table, as values. */
export interface Ruleset {
  readonly sets: ReadonlyMap<string, SetValue>
  readonly chains: ReadonlyMap<string, ChainValue>
}

/** A way to look at single values of a ruleset without having all of it. */
export interface RulesetView {
  chain(name: string): ChainValue | undefined
  set(name: string): SetValue | undefined
}

/** What turns one ruleset into another. */
export interface RulesetChange {
  readonly createdSets: readonly SetValue[]
  readonly deletedSets: readonly SetValue[]
  /** Changes of sets that stand before and after. */
  readonly elements: ReadonlyMap<string, ElementChange>
  readonly createdChains: readonly ChainValue[]
  readonly rewrittenChains: readonly { readonly before: ChainValue; readonly after: ChainValue }[]
  readonly deletedChains: readonly ChainValue[]
  /** Some connection that was allowed may not be any more: what conntrack remembers has to be judged again. */
  readonly narrows: boolean
}

export interface ElementChange {
  readonly added: readonly string[]
  readonly removed: readonly string[]
}

/** Does it change nothing? */
export function isEmptyChange(change: RulesetChange): boolean {
  return (
    change.createdSets.length === 0 &&
    change.deletedSets.length === 0 &&
    change.elements.size === 0 &&
    change.createdChains.length === 0 &&
    change.rewrittenChains.length === 0 &&
    change.deletedChains.length === 0
  )
}

/** Do two chains have the same rules, comments included, in the same order? */
export function sameRules(left: ChainValue, right: ChainValue): boolean {
  return (
    left.rules.length === right.rules.length &&
    left.rules.every(({ text, comment }, index) => {
      const other = right.rules[index]
      return other?.text === text && other.comment === comment
    })
  )
}
