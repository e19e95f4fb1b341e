import type { Entry } from '../../compiler/explain/entries.ts'
import type { ReachGraph } from '../../compiler/reach/reach-graph.ts'
import { entryLines } from './entries-text.ts'
import type { ReachRow } from './reach-rows.ts'
import { freeText, noRowText } from './reach-text.ts'

/** The rows as a table of Markdown; no name or path in it is markup, a link or a mention. */
export function reachMarkdown(rows: readonly ReachRow[], graph: ReachGraph, ways: readonly Entry[]): string {
  const lines = rows.map(({ from, to, ports, why }) => {
    const because = why.map(({ name, place }) => inert(place === '' ? name : `${name} (${place})`)).join('<br>')
    return `| ${inert(from)} | ${inert(to)} | ${inert(ports)} | ${because} |\n`
  })
  const free = [...entryLines(ways), ...freeText(graph).split('\n')]
    .filter((line) => line !== '')
    .map((line) => `\n${inert(line)}\n`)
  const table = `| From | To | Ports | Because |\n| --- | --- | --- | --- |\n${lines.join('')}`
  return `${rows.length === 0 ? `${noRowText(graph)}\n` : table}${free.join('')}`
}

/** Text that Markdown, and what hosts make of it afterwards, shows as it is. */
function inert(text: string): string {
  return (
    text
      .replace(/\s+/g, ' ')
      // A mention is looked for in what is shown, so a character that is not seen has to part it.
      .replace(/[^\p{L}\p{N} ,.;:/=→…-]/gu, (each) => `&#${each.codePointAt(0)};${each === '@' ? '&#8203;' : ''}`)
      .replace(/:\/\//g, '&#58;//')
      .replace(/www\./gi, (each) => `${each.slice(0, -1)}&#46;`)
  )
}
