/** How a refusal of the mark begins, behind the end of the line before. */
const REFUSED = '\nError: '

/**
 * What nft said before it came to the mark; undefined: it has not come to it yet. It says why it refuses the mark, in one line or in
 * two (1.1.7), quotes it, and points at the place on the next one:
 *
 *   Error: syntax error, unexpected newline
 *   expected any of: <string>, last
 *   m7
 *     ^
 */
export function readAnswer(said: string, mark: string): string | undefined {
  const quoted = said.indexOf(`\n${mark}\n`)
  if (quoted < 0) return undefined
  const pointed = said.indexOf('\n', quoted + mark.length + 2)
  if (pointed < 0) return undefined
  const before = said.slice(0, quoted + 1)
  const refused = `\n${before}`.lastIndexOf(REFUSED)
  return refused < 0 ? before : before.slice(0, refused)
}
