import type { Cluster } from '../cluster/create-cluster.ts'
import { entries, type Entry } from './entries.ts'

/** Ways from outside that are there afterwards and were not before, and the other way round. */
export interface EntryChange {
  readonly opens: readonly Entry[]
  readonly closes: readonly Entry[]
}

/** Compares in what gets there; of what the input does not say, nothing. */
export function compareEntries(before: Cluster, after: Cluster): EntryChange {
  const [old, now] = [entries(before), entries(after)]
  return { opens: newAmong(now, old), closes: newAmong(old, now) }
}

function newAmong(list: readonly Entry[], others: readonly Entry[]): readonly Entry[] {
  const keyOf = ({ by, asked, to, ports }: Entry): string => JSON.stringify([by, asked, to, ports])
  const known = new Map(others.map((entry) => [keyOf(entry), entry]))
  return list.filter((entry) => {
    const other = known.get(keyOf(entry))
    return entry.passes === true && (other === undefined || other.passes === false)
  })
}
