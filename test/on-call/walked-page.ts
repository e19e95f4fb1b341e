/** What the page tells one after the other: the policy in force, a command with what it prints, a repair. */
export type PageStep =
  | { readonly kind: 'policy' | 'repair'; readonly yaml: string }
  | { readonly kind: 'command'; readonly command: string; readonly printed: string; readonly at: number }

export interface PageSection {
  readonly title: string
  readonly steps: readonly PageStep[]
}

/** The sections that have blocks for a test; `at`: where in the page a command's output begins. */
export function pageSections(page: string): readonly PageSection[] {
  const heads = [...page.matchAll(/^## (.+)$/gm)]
  return heads.map(({ 1: title = '', index }, position) => ({
    title,
    steps: stepsBetween(page, index, heads[position + 1]?.index ?? page.length),
  }))
}

function stepsBetween(page: string, start: number, end: number): readonly PageStep[] {
  const blocks = [...page.slice(start, end).matchAll(/^```(.+)\n([^]*?)^```$/gm)]
  return blocks.map(({ 1: info = '', 2: body = '', index }): PageStep => {
    if (info === 'yaml policy' || info === 'yaml repair') {
      return { kind: info === 'yaml policy' ? 'policy' : 'repair', yaml: body }
    }
    const [, command = ''] = /^\$ (.+)\n/.exec(body) ?? []
    if (info !== 'console' || command === '') throw new Error(`a block that nothing compares: ${info}`)
    const head = `$ ${command}\n`
    return {
      kind: 'command',
      command,
      printed: body.slice(head.length),
      at: start + index + `\`\`\`${info}\n`.length + head.length,
    }
  })
}

/** Ages and counts are each run's own, and so is how wide they make the columns. */
export function comparable(printed: string): string {
  return printed
    .split('\n')
    .map((line) => line.replace(/^\d+[smh] +\d+[smh] +[\d,]+ /, 'AGE AGE N ').replaceAll(/ {2,}(?=\S)/g, '  '))
    .map((line) => (/^(AGE|LAST) /.test(line) ? line.replaceAll(/ +/g, ' ') : line))
    .join('\n')
}
