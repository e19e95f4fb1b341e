/**
 * Entries filed under words, several under one. Most words lead to one entry only (a label that no two workloads share), and that is
 * kept without a set around it, which would be 150 bytes.
 */
export interface Filed<Entry extends object> {
  add(word: string, entry: Entry): void
  remove(word: string, entry: Entry): void
  under(word: string): Iterable<Entry>
  /** How many are under the word. */
  count(word: string): number
}

/** No entry, no word. */
export function createFiled<Entry extends object>(): Filed<Entry> {
  const files = new Map<string, Entry | Several<Entry>>()

  return {
    add(word, entry) {
      const found = files.get(word)
      if (found === undefined) files.set(word, entry)
      else if (found instanceof Several) found.entries.add(entry)
      else if (found !== entry) files.set(word, new Several(new Set([found, entry])))
    },
    remove(word, entry) {
      const found = files.get(word)
      if (found === entry) files.delete(word)
      if (!(found instanceof Several)) return
      found.entries.delete(entry)
      const [first] = found.entries
      if (found.entries.size === 1 && first !== undefined) files.set(word, first)
    },
    under(word) {
      const found = files.get(word)
      return found === undefined ? [] : found instanceof Several ? found.entries : [found]
    },
    count(word) {
      const found = files.get(word)
      return found === undefined ? 0 : found instanceof Several ? found.entries.size : 1
    },
  }
}

/** Told apart from an entry, whatever that is. */
class Several<Entry> {
  readonly entries: Set<Entry>

  constructor(entries: Set<Entry>) {
    this.entries = entries
  }
}
