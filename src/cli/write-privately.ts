import { chmodSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { printable } from '../../compiler/objects/quote.ts'
import { EXIT } from './exit-codes.ts'

/**
 * Writes a file that only its owner can read (0600), whole or not at all; one that stood there before is replaced, whoever could read
 * that. False after having said why not.
 */
export function writePrivately(file: string, text: string): boolean {
  let nursery: string | undefined
  try {
    nursery = mkdtempSync(join(dirname(file), '.selvedge-'))
    const born = join(nursery, basename(file))
    writeFileSync(born, text, { mode: 0o600 })
    chmodSync(born, 0o600)
    renameSync(born, file)
    return true
  } catch (error) {
    process.stderr.write(
      `${printable(file)}: cannot be written: ${printable(error instanceof Error ? error.message : String(error))}\n`,
    )
    process.exitCode = EXIT.environment
    return false
  } finally {
    if (nursery !== undefined) rmSync(nursery, { recursive: true, force: true })
  }
}
