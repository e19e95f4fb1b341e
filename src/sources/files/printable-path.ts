import { printable } from '../../../compiler/objects/quote.ts'

/**
 * A path as it may stand in a diagnostic: what could break the line or move the cursor is escaped. Whole, unlike other
 * quotes: who reads it wants to open the file.
 */
export function printablePath(path: string): string {
  return path.replaceAll(/./gsu, (character) => printable(character))
}
