import type { TextStyle } from '../views/explanation-text.ts'
import { usesColor } from './uses-color.ts'

/** How texts look on standard output: as wide as the terminal, and 80 columns in a pipe. */
export function textStyle(): TextStyle {
  // A terminal that does not know its size says 0.
  const columns = process.stdout.isTTY ? process.stdout.columns : 0
  return { color: usesColor(), width: columns > 0 ? columns : 80 }
}
