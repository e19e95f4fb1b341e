/** What a page shows of an output, where a line `…` stands for any lines. */
export function pagePattern(shown: string): RegExp {
  const escaped = shown.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
  return new RegExp(`^${escaped.replaceAll(/^…\n/gm, '(?:.*\\n)*').replace(/^…$/m, '[^]*')}$`)
}
