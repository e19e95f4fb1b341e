import type { NftSet } from './nft-set.ts'
import type { TableView } from './table-state.ts'

/**
 * What a packet may meet just after a commit switched to the new rules: interval sets of several fields publish what was
 * added only after the switch (nf_tables_commit: nft_set_commit_update comes last), while removals count at once.
 */
export function lateIntervalSets(before: TableView, after: TableView): TableView {
  if (after.state === undefined) return after
  const sets = [...after.state.sets].map(([name, set]): readonly [string, NftSet] => {
    if (!set.interval) return [name, set]
    const old = before.state?.sets.get(name)?.elements
    return [name, { ...set, elements: new Map([...set.elements].filter(([key]) => old?.has(key) ?? false)) }]
  })
  return { state: { ...after.state, sets: new Map(sets) } }
}
