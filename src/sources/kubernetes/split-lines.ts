const LINE_FEED = 0x0a

/** The API server's own limit for one object is far below; more is no stream of objects. */
const LONGEST_LINE = 128 * 1024 * 1024

/**
 * Cuts a stream of bytes at its line feeds. They are never inside a character of UTF-8, so a character that two pieces
 * share is whole again before it is decoded. What follows the last line feed is no line: the stream was cut inside it.
 */
export function createLineSplitter(): (piece: Buffer) => string[] {
  let begun: Buffer[] = []
  let length = 0
  return (piece) => {
    const lines: string[] = []
    let from = 0
    for (let end = piece.indexOf(LINE_FEED); end !== -1; end = piece.indexOf(LINE_FEED, from)) {
      if (begun.length === 0) lines.push(piece.toString('utf8', from, end))
      else {
        lines.push(Buffer.concat([...begun, piece.subarray(from, end)]).toString('utf8'))
        begun = []
        length = 0
      }
      from = end + 1
    }
    if (from < piece.length) {
      begun.push(piece.subarray(from))
      length += piece.length - from
      if (length > LONGEST_LINE) {
        // Given out as it is: no JSON, and told as such.
        lines.push('')
        begun = []
        length = 0
      }
    }
    return lines
  }
}
