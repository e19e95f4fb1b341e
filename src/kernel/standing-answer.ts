/**
 * What nft said before it came to the mark; undefined: it has not come to it yet. It quotes the line that it refuses, and
 * points at the place on the next one:
 *
 *   Error: syntax error, unexpected newline, expecting string
 *   selvedge-mark-7
 *                  ^
 */
export function readAnswer(said: string, mark: string): string | undefined {
  const quoted = said.indexOf(`\n${mark}\n`)
  if (quoted < 0) return undefined
  const pointed = said.indexOf('\n', quoted + mark.length + 2)
  if (pointed < 0) return undefined
  const before = said.slice(0, quoted)
  return before.slice(0, before.lastIndexOf('\n') + 1)
}
