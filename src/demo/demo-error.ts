/** The machine, or what is installed on it, would not; the message says what and what to do about it. */
export class DemoError extends Error {
  override readonly name = 'DemoError'
}
