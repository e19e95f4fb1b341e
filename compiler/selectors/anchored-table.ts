import type { Selector } from '../objects/selector.ts'
import { createFiled } from './filed.ts'
import { matchesSelector } from './matches-selector.ts'
import { labelAnchors, selectorAnchors } from './selector-anchors.ts'

/** Entries found by the labels that their selector selects, without trying every selector. */
export interface AnchoredTable<Entry> {
  add(selector: Selector, entry: Entry): void
  remove(selector: Selector, entry: Entry): void
  /** Every entry whose selector selects these labels. */
  select(labels: ReadonlyMap<string, string>): Set<Entry>
  readonly size: number
}

/** An empty table. Selecting costs what the labels' anchors hold, whatever the number of other entries. */
export function createAnchoredTable<Entry>(): AnchoredTable<Entry> {
  type Row = { readonly selector: Selector; readonly entries: Set<Entry> }
  const rows = new Map<string, Row>()
  const anchored = createFiled<Row>()
  const unanchored = new Set<Row>()

  return {
    add(selector, entry) {
      let row = rows.get(selector.key)
      if (row === undefined) {
        row = { selector, entries: new Set() }
        rows.set(selector.key, row)
        const anchors = selectorAnchors(selector)
        if (anchors === undefined) unanchored.add(row)
        for (const anchor of anchors ?? []) anchored.add(anchor, row)
      }
      row.entries.add(entry)
    },

    remove(selector, entry) {
      const row = rows.get(selector.key)
      if (row === undefined) return
      row.entries.delete(entry)
      if (row.entries.size > 0) return
      rows.delete(selector.key)
      unanchored.delete(row)
      for (const anchor of selectorAnchors(selector) ?? []) anchored.remove(anchor, row)
    },

    select(labels) {
      const selected = new Set<Entry>()
      const take = (row: Row): void => {
        if (!matchesSelector(row.selector, labels)) return
        for (const entry of row.entries) selected.add(entry)
      }
      for (const row of unanchored) take(row)
      for (const anchor of labelAnchors(labels)) for (const row of anchored.under(anchor)) take(row)
      return selected
    },

    get size() {
      return rows.size
    },
  }
}
