/** The ruleset less each rule of that text, a line of its own: what a test has to notice. Throws when there is none. */
export function without(rule: string | RegExp): (text: string) => string {
  return (text) => {
    const lines = text.split('\n')
    const kept = lines.filter((line) => (typeof rule === 'string' ? line.trim() !== rule : !rule.test(line)))
    if (kept.length === lines.length) throw new Error(`no rule of the ruleset is ${String(rule)}`)
    return kept.join('\n')
  }
}

/** The ruleset with other words in place of these, wherever they stand. Throws when they stand nowhere. */
export function replacing(words: string, others: string): (text: string) => string {
  return (text) => {
    if (!text.includes(words)) throw new Error(`the ruleset does not say ${words}`)
    return text.replaceAll(words, others)
  }
}
