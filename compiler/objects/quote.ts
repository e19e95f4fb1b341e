const LONGEST = 100

/** What may stand in a diagnostic as it is; everything else could move the cursor, hide text or break the line. */
const UNPRINTABLE = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu

/** Text of unknown origin made safe for one line on a terminal: unprintable characters as escapes, long text cut. */
export function printable(text: string): string {
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
  return cut.replace(UNPRINTABLE, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)
}

/** A value as diagnostics show it: strings in double quotes, numbers bare, `[...]` and `{...}` for what has an inside. */
export function quote(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return `"${printable(value).replace(/"/g, '\\"')}"`
    case 'number':
    case 'boolean':
    case 'bigint':
      return String(value)
    case 'object':
      if (value === null) return 'null'
      return Array.isArray(value) ? '[...]' : '{...}'
    case 'undefined':
      return 'null'
    case 'function':
    case 'symbol':
      return typeof value
  }
}
