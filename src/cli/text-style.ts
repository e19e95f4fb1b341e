import type { TextStyle } from '../views/explanation-text.ts'
import { usesColor } from './uses-color.ts'

/** How texts look on standard output: as wide as the terminal; in a pipe as wide as COLUMNS says, or 80 columns. */
export function textStyle(): TextStyle {
  // A terminal that does not know its size says 0. Shells keep COLUMNS to themselves: whoever exports it means it.
  const columns = process.stdout.isTTY ? process.stdout.columns : 0
  const said = /^[1-9]\d{0,5}$/.exec(process.env['COLUMNS'] ?? '')
  return { color: usesColor(), width: columns > 0 ? columns : Number(said?.[0] ?? 80) }
}
