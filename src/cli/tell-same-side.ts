import { resolve } from 'node:path'
import { printable } from '../../compiler/objects/quote.ts'

/** Says on standard error that one input is both sides: of a checkout that was forgotten nothing ever opens. */
export function tellSameSide(old: string, now: string): void {
  if (resolve(old) !== resolve(now)) return
  process.stderr.write(`note: OLD and NEW are both ${printable(now)}: the same is compared with itself\n`)
}
