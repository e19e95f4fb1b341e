import type { NftSet } from './nft-set.ts'
import type { TableView } from './table-state.ts'
import { tornTables } from './torn-tables.ts'

/**
 * How kernels differ in what an interval set of several fields shows just after a commit has switched to the new rules. Elements
 * that were added are never there yet (nf_tables_commit calls nft_set_commit_update last). Those that were removed are gone at once
 * where a look-up asks for the generation of each element, and are still found where it does not: from 6.17 on, and in stable
 * kernels that have b2f742c846ca as well.
 */
export const KERNELS_PUBLISH = ['removals at once', 'removals late'] as const
export type Publishing = (typeof KERNELS_PUBLISH)[number]

/**
 * What a packet may meet at that instant: the rules and hash sets of after, and interval sets that do not show all of it yet. They
 * are published one by one; `published` tells which already are, by default none.
 */
export function lateIntervalSets(
  before: TableView,
  after: TableView,
  publishing: Publishing,
  published: (set: string) => boolean = () => false,
): TableView {
  if (after.state === undefined) return after
  const sets = [...after.state.sets].map(([name, set]): readonly [string, NftSet] => {
    if (!set.interval || published(name)) return [name, set]
    const old = before.state?.sets.get(name)?.elements ?? new Map<string, never>()
    if (publishing === 'removals late') return [name, { ...set, elements: old }]
    return [name, { ...set, elements: new Map([...set.elements].filter(([key]) => old.has(key))) }]
  })
  return { state: { ...after.state, sets: new Map(sets) } }
}

/**
 * Every instant of a commit, on either kernel: with none of the changed interval sets published or with only one of them, to a packet
 * that walks the new rules or still the old ones; and to one that walks the old rules when all sets have changed.
 */
export function* instantsOf(
  before: TableView,
  after: TableView,
): Iterable<{ readonly at: string; readonly view: TableView }> {
  yield { at: 'old rules with new elements', view: tornTables(before, after) }
  yield* midWalks(before, after)
  const changed = [...(after.state?.sets.values() ?? [])].filter(
    ({ name, interval, elements }) => interval && !sameKeys(elements, before.state?.sets.get(name)?.elements),
  )
  if (changed.length === 0) return
  const names = changed.map(({ name }) => name).sort()
  for (const publishing of KERNELS_PUBLISH) {
    for (const first of [undefined, ...(names.length > 1 ? names.slice(0, 4) : [])]) {
      const late = lateIntervalSets(before, after, publishing, (name) => name === first)
      const at = `interval sets not there yet${first === undefined ? '' : ` but for ${first}`}, ${publishing}`
      yield { at, view: late }
      yield { at: `old rules, ${at}`, view: tornTables(before, late) }
    }
  }
}

/**
 * A packet reads one set after the other, and the commit may come in between: some sets are of before, others of after. Where all of
 * them only grow, or only shrink, that is between the two ends; so it is told only of sets that do both, and of maps beside sets.
 */
function* midWalks(before: TableView, after: TableView): Iterable<{ readonly at: string; readonly view: TableView }> {
  if (after.state === undefined) return
  const pairs = [...after.state.sets.values()].flatMap((now) => {
    const old = before.state?.sets.get(now.name)
    return old === undefined || sameKeys(now.elements, old.elements) ? [] : [{ old, now }]
  })
  const grows = pairs.some(({ old, now }) => [...now.elements.keys()].some((key) => !old.elements.has(key)))
  const shrinks = pairs.some(({ old, now }) => [...old.elements.keys()].some((key) => !now.elements.has(key)))
  const kinds = new Set(pairs.map(({ now }) => now.kind))
  if (!(grows && shrinks) && kinds.size < 2) return
  for (const { old, now } of pairs.slice(0, 8)) {
    for (const [at, sets] of [
      [`${now.name} is read before the commit, others after it`, new Map([...after.state.sets, [old.name, old]])],
      [
        `${now.name} is read after the commit, others before it`,
        new Map([...(before.state?.sets ?? []), [now.name, now]]),
      ],
    ] as const) {
      yield { at, view: tornTables(before, { state: { ...after.state, sets } }) }
    }
  }
}

function sameKeys(left: ReadonlyMap<string, unknown>, right: ReadonlyMap<string, unknown> | undefined): boolean {
  return left.size === right?.size && [...left.keys()].every((key) => right.has(key))
}
