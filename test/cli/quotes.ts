/** What the code blocks of a page quote, by their info string: a block of ```nft shop quotes the text under `nft shop`. */
export type QuotedTexts = Readonly<Record<string, string>>

/** Names made from content: those change with the layout of a class. Names made from a formula change with the formula only. */
const CONTENT_NAMES = /\b((?:[bcdfz][46]|t)-)[a-z2-7]{20}\b/g
const FORMULA_NAMES = /\b([pxy][46]-)[a-z2-7]{20}\b/g
const MARKS = /\b0x[0-9a-f]{8}\b/g

/**
 * The page with each run of quoted lines as it is printed now. Runs are divided by `…`; one that is not printed any more,
 * made names and marks apart, is an error. So a page that quotes exactly comes out as it went in.
 */
export function requote(page: string, texts: QuotedTexts): string {
  return page.replaceAll(/^```(\S.*)\n([\s\S]*?)^```$/gm, (block, info: string, body: string) => {
    const text = texts[info]
    if (text === undefined) return block
    const lines = text.split('\n')
    const parts = body.split(/^(\s*…\n)/m).map((part) => (part.trim() === '…' ? part : requoteRun(part, lines, info)))
    return `\`\`\`${info}\n${parts.join('')}\`\`\``
  })
}

/** The info strings of the page's code blocks. */
export function blockKinds(page: string): ReadonlySet<string> {
  return new Set([...page.matchAll(/^```(\S.*)$/gm)].map(([, info = '']) => info))
}

/** The lines that the page quotes from one text. */
export function quotedLines(page: string, wanted: string): ReadonlySet<string> {
  const blocks = [...page.matchAll(/^```(\S.*)\n([\s\S]*?)^```$/gm)].filter(([, info]) => info === wanted)
  return new Set(blocks.flatMap(([, , body = '']) => body.split('\n').map((line) => line.trim())))
}

/** Indentation is the page's own. Exact lines go before others, and a known formula before an unknown one. */
function requoteRun(run: string, lines: readonly string[], info: string): string {
  const quoted = run.replace(/\n$/, '').split('\n')
  for (const variable of [[], [CONTENT_NAMES, MARKS], [CONTENT_NAMES, MARKS, FORMULA_NAMES]]) {
    const patterns = quoted.map((line) => pattern(line.trim(), variable))
    const at = lines.findIndex((_, index) =>
      patterns.every((one, offset) => one.test((lines[index + offset] ?? '').trim())),
    )
    if (at < 0) continue
    const printed = quoted.map((line, offset) => `${/^\s*/.exec(line)?.[0]}${(lines[at + offset] ?? '').trim()}`)
    return `${printed.join('\n')}\n`
  }
  throw new Error(`${info}: not printed any more:\n${run}`)
}

function pattern(line: string, variable: readonly RegExp[]): RegExp {
  let escaped = line.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  for (const names of variable) {
    escaped = escaped.replaceAll(names, (_, prefix: unknown) =>
      typeof prefix === 'string' ? `${prefix}[a-z2-7]{20}` : '0x[0-9a-f]{8}',
    )
  }
  return new RegExp(`^${escaped}$`)
}
