import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { printable } from '../../compiler/objects/quote.ts'
import { EXIT } from './exit-codes.ts'

/**
 * Writes a file whole or not at all. What stood there before is replaced: a link is not followed, and who has the old file open keeps
 * that; who calls it has asked notReplaceable. False after having said why not.
 */
export function writeWhole(file: string, text: string, mode = 0o666): boolean {
  let nursery: string | undefined
  try {
    nursery = mkdtempSync(join(dirname(file), '.selvedge-'))
    const born = join(nursery, basename(file))
    writeFileSync(born, text, { mode })
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
