/** nft would refuse this text, or it has something that the interpreter does not know: either is a failed test. */
export class TextError extends Error {
  override readonly name = 'TextError'
  readonly line: number

  /** `line` counts from 1; 0 when no single line is to blame. */
  constructor(message: string, line: number, lineText: string) {
    super(line === 0 ? message : `line ${line}: ${message}: ${lineText.trim()}`)
    this.line = line
  }
}
