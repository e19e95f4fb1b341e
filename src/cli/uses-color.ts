/** Colour goes to people's terminals only, and not to those who said NO_COLOR (no-color.org). */
export function usesColor(): boolean {
  return process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === ''
}
