const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const COMMA = 0x2c

export interface ItemSplitter {
  /** The JSON texts of the items that this piece of the body completes. */
  push(piece: Buffer): string[]
  /** The list without its items, once the body is over; undefined when it was no whole JSON object. */
  rest(): string | undefined
}

/**
 * Cuts the elements of the top-level member "items" out of a list while it arrives. A list from the watch cache comes
 * whole whatever `limit` says, and that of a large cluster is longer than the longest string. Only brackets and strings
 * are looked at; whether an item is JSON is for JSON.parse to say.
 */
export function createItemSplitter(): ItemSplitter {
  const outside: Buffer[] = []
  let item: Buffer[] = []
  let depth = 0
  let inString = false
  let escaped = false
  let inItems = false
  let closed = false
  // The last string outside the items, so as to know "items" by its name; pieces may cut it.
  let name = ''

  return {
    push(piece) {
      const items: string[] = []
      let from = 0
      const keep = (to: number): void => {
        if (to > from) (inItems ? item : outside).push(piece.subarray(from, to))
        from = to
      }
      const endItem = (to: number): void => {
        keep(to)
        const text = item.length === 1 ? item[0]?.toString('utf8') : Buffer.concat(item).toString('utf8')
        if (text !== undefined && text.trim() !== '') items.push(text)
        item = []
      }
      for (let at = 0; at < piece.length; at += 1) {
        const byte = piece[at] ?? 0
        if (inString) {
          if (escaped) escaped = false
          else if (byte === BACKSLASH) escaped = true
          else if (byte === QUOTE) inString = false
          else if (depth === 1 && name.length < 8) name += String.fromCharCode(byte)
          continue
        }
        switch (byte) {
          case QUOTE:
            inString = true
            if (depth === 1) name = ''
            break
          case OPEN_BRACKET:
          case OPEN_BRACE:
            depth += 1
            if (depth === 2 && byte === OPEN_BRACKET && name === 'items' && !inItems) {
              keep(at + 1)
              inItems = true
            }
            break
          case CLOSE_BRACKET:
          case CLOSE_BRACE:
            depth -= 1
            if (inItems && depth === 1) {
              endItem(at)
              inItems = false
              name = ''
            }
            closed ||= depth === 0
            break
          case COMMA:
            if (inItems && depth === 2) {
              endItem(at)
              from = at + 1
            }
        }
      }
      keep(piece.length)
      return items
    },
    rest: () => (closed ? Buffer.concat(outside).toString('utf8') : undefined),
  }
}
