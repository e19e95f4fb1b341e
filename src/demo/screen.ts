/** Where the demo speaks: the story to standard output, what it is busy with to standard error. */
export interface Screen {
  readonly color: boolean
  readonly width: number
  print(lines: readonly string[]): void
  /** On a terminal the last one is on the screen until something else is. */
  progress(text: string): void
  warn(text: string): void
}

const WIDEST = 80
const ERASE_LINE = '\r\u{1b}[2K'

export function createScreen(): Screen {
  const { stdout, stderr } = process
  let shown = false
  const erase = (): void => {
    if (shown) stderr.write(ERASE_LINE)
    shown = false
  }
  return {
    color: stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '',
    // A terminal that was never given a size says 0.
    width: Math.min(WIDEST, (stdout.isTTY && stdout.columns) || WIDEST),
    print(lines) {
      erase()
      stdout.write(lines.map((line) => `${line}\n`).join(''))
    },
    progress(text) {
      erase()
      shown = stderr.isTTY
      stderr.write(shown ? `${text}…` : `${text}\n`)
    },
    warn(text) {
      erase()
      stderr.write(`${text}\n`)
    },
  }
}
