/** nft refuses a comment of more than 128 bytes, and the whole transaction with it. */
const LIMIT = 128

/**
 * A text as a comment: printable ASCII without quotes, at most 128 bytes. Everything else becomes `?`, so that a byte
 * is a character and nothing can end the string early.
 */
export function commentText(text: string): string {
  const safe = text.replaceAll(/[^\x20-\x7e]/gu, '?').replaceAll(/["\\]/g, '?')
  return safe.length <= LIMIT ? safe : `${safe.slice(0, LIMIT - 3)}...`
}
