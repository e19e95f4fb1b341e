/** What the image is made of cannot be had as it was asked for; the message is one line that says what to do about it. */
export class MissingParts extends Error {
  override readonly name = 'MissingParts'
}

/** The first line of what a program said, or of the error itself: the rest of an apt or npm says it again. */
export function reasonOf(error: unknown): string {
  const said = error instanceof Error && 'stderr' in error && typeof error.stderr === 'string' ? error.stderr : ''
  const [first = ''] = (said.trim() === '' ? String(error) : said.trim()).split('\n')
  return first
}
