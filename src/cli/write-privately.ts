import { writeWhole } from './write-whole.ts'

/**
 * Writes a file that only its owner can read (0600), whole or not at all; one that stood there before is replaced, whoever could read
 * that. False after having said why not.
 */
export function writePrivately(file: string, text: string): boolean {
  return writeWhole(file, text, 0o600)
}
