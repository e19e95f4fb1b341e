/**
 * Lines as a code block of Markdown, in which nothing is a link, an image, a mention or HTML: text of strangers goes nowhere
 * else. The fence is longer than any run of backticks inside (CommonMark 0.31 §4.5).
 */
export function fenced(lines: readonly string[], language = ''): string {
  const text = lines.join('\n')
  const longest = (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2)
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${text}\n${fence}\n`
}
