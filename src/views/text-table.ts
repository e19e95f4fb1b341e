/** A text, or names of which as many are shown whole as fit. */
export type Cell = string | readonly string[]

const GAP = 2
const LIST_WEIGHT = 3

/**
 * The head and one line a row, none wider than `width` as long as the titles leave room: columns give way, the one with
 * the most to spare first, and a cell that does not fit says so with `…` or `+N`. No cell can move the cursor.
 */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[], width: number): readonly string[] {
  const cells: readonly (readonly Cell[])[] = [head, ...rows]
  const widths = head.map((title, column) =>
    cells.reduce((widest, row) => Math.max(widest, Math.min(width, whole(row[column]).length)), title.length),
  )
  // A list says what is missing (`+3`), so it gives way before a name does.
  const weights = head.map((_, column) => (rows.some((row) => typeof row[column] === 'object') ? LIST_WEIGHT : 1))
  const spareOf = (column: number): number =>
    ((widths[column] ?? 0) - (head[column]?.length ?? 0)) * (weights[column] ?? 1)
  for (let over = widths.reduce((sum, each) => sum + each + GAP, -GAP) - width; over > 0; over -= 1) {
    const richest = widths.reduce((best, _, column) => (spareOf(column) > spareOf(best) ? column : best), 0)
    if (spareOf(richest) > 0) widths[richest] = (widths[richest] ?? 0) - 1
  }
  return cells.map((row) =>
    widths
      .map((each, column) => fit(row[column] ?? '', each).padEnd(each + GAP))
      .join('')
      .trimEnd(),
  )
}

/** Lines no wider than `width`, broken between words; all but the first are indented. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = []
  for (const word of printable(text).split(' ')) {
    const line = lines.at(-1)
    const joined = line === undefined ? word : `${line} ${word}`
    if (line === undefined || joined.length > width) lines.push(line === undefined ? word : `  ${word}`)
    else lines[lines.length - 1] = joined
  }
  return lines
}

/** Line ends become spaces; what could move the cursor or hide text is shown as its number. */
function printable(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, (each) => `\\u{${each.codePointAt(0)?.toString(16)}}`)
}

function whole(cell: Cell = ''): string {
  return typeof cell === 'string' ? printable(cell) : cell.map(printable).join(', ') || '-'
}

function fit(cell: Cell, width: number): string {
  const text = whole(cell)
  if (text.length <= width) return text
  if (typeof cell === 'string' || cell.length === 1) return shorten(text, width)
  const names = cell.map(printable)
  let shown = names[0] ?? ''
  for (const [index, name] of names.entries()) {
    const longer = index === 0 ? name : `${shown}, ${name}`
    const rest = ` +${names.length - index - 1}`
    if (index > 0 && longer.length + rest.length > width) return `${shown} +${names.length - index}`
    shown = index === 0 ? shorten(name, width - rest.length) : longer
  }
  return shown
}

/** Names differ at their end as often as at their beginning: both stay. */
function shorten(text: string, width: number): string {
  if (text.length <= width) return text
  const tail = Math.max(0, Math.floor((width - 1) / 2))
  const cut = `${text.slice(0, Math.max(0, width - 1 - tail))}…${text.slice(text.length - tail)}`
  // A character outside the basic plane may have lost its half.
  return cut.replace(/\p{Cs}/gu, '')
}
