/** One table as it was printed: who reaches what, by the names of its rows and columns. */
export interface PrintedTable {
  readonly title: string
  /** `from to:port`, and the mark that stands there. */
  readonly marks: ReadonlyMap<string, string>
}

/** All tables of a run, each under the numbered title before it. */
export function readTables(output: string): readonly PrintedTable[] {
  const tables: { readonly title: string; readonly marks: Map<string, string> }[] = []
  let title = ''
  let columns: readonly string[] = []
  for (const line of output.split('\n')) {
    const words = line.trim().split(/\s+/)
    if (/^\d {2}\S/.test(line)) title = line.slice(3)
    else if (line.trim().startsWith('from \\ to')) {
      columns = words.slice(3)
      tables.push({ title, marks: new Map() })
    } else if (line.trim() === '') columns = []
    else if (columns.length > 0) {
      for (const [index, column] of columns.entries()) {
        tables.at(-1)?.marks.set(`${words[0]} ${column}`, words[index + 1] ?? '')
      }
    }
  }
  return tables
}
