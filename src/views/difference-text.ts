import { styleText } from 'node:util'
import type { EntryChange } from '../../compiler/explain/compare-entries.ts'
import type { ReachChange } from '../../compiler/reach/compare-reach.ts'
import type { Edge } from '../../compiler/reach/edge.ts'
import { foldedEdges, isBlock } from './edge-lines.ts'
import { entryText } from './entries-text.ts'
import type { TextStyle } from './explanation-text.ts'
import { hangingLines } from './hanging-lines.ts'
import { withoutRepeats } from './without-repeats.ts'

export interface RulesetCounts {
  readonly chains: number
  readonly sets: number
  readonly transactions: number
}

const ONTO_NODE =
  'is on the network of its node now: no policy governs it, no selector matches it, and it and the pods of its own node always reach each other.'
const OFF_NODE = 'is no longer on the network of its node: policies govern it, and selectors match it.'

/** Worst news first. */
const NEWS = [
  { title: 'from outside', is: (edge: Edge) => isBlock(edge.from) },
  {
    title: 'from pods that are not in the input',
    is: (edge: Edge, strangers: ReadonlySet<string>) => strangers.has(edge.from),
  },
  {
    title: 'to pods that are not in the input',
    is: (edge: Edge, strangers: ReadonlySet<string>) => strangers.has(edge.to),
  },
  {
    title: 'from other namespaces',
    is: (edge: Edge) => !isBlock(edge.to) && namespaceOf(edge.from) !== namespaceOf(edge.to),
  },
  { title: 'within a namespace', is: (edge: Edge) => !isBlock(edge.to) },
  { title: 'to the outside', is: () => true },
] as const

/** What a change opens and closes, in names; then how much of the ruleset it touches. */
export function differenceText(
  { opens, closes, added, removed, leavesPolicy, comesUnderPolicy, strangers, hosts }: ReachChange,
  ruleset: RulesetCounts,
  { color, width }: TextStyle,
  entries: EntryChange = { opens: [], closes: [] },
): string {
  const parts: string[] = []
  const meant = { hosts: new Set(hosts), strangers: new Set(strangers.map(({ id }) => id)) }
  for (const id of leavesPolicy) parts.push(hangingLines(`Leaves policy: ${id} ${ONTO_NODE}\n`, width))
  for (const id of comesUnderPolicy) parts.push(hangingLines(`Comes under policy: ${id} ${OFF_NODE}\n`, width))
  for (const [what, sign, list] of [
    ['Opens', '+', entries.opens],
    ['Closes', '-', entries.closes],
  ] as const) {
    const lines = list.map((entry) => hangingLines(`  ${sign} ${entryText(entry)}`, width))
    if (lines.length > 0) parts.push(`${what}, from outside through a controller:\n${lines.join('\n')}\n`)
  }
  if (opens.length === 0 && closes.length === 0) parts.push('Nothing opens, nothing closes.\n')
  for (const [what, sign, edges, hue] of [
    ['Opens', '+', opens, 'red'],
    ['Closes', '-', closes, 'green'],
  ] as const) {
    for (const [title, list] of sortNews(withoutRepeats(edges, meant), meant.strangers)) {
      const heading = `${what}, ${title}:`
      const lines = foldedEdges(list).flatMap(({ from, to, ports }) =>
        hangingLines(`  ${sign} ${from} → ${to}  ${ports}`, width).split('\n'),
      )
      const shown = color ? lines.map((line) => styleText(hue, line, { validateStream: false })) : lines
      parts.push(`${heading}\n${shown.join('\n')}\n`)
    }
  }
  if (added.length > 0) parts.push(hangingLines(`New: ${added.join(', ')}\n`, width))
  if (removed.length > 0) parts.push(hangingLines(`Gone: ${removed.join(', ')}\n`, width))
  parts.push(hangingLines(rulesetText(ruleset), width))
  return parts.join('\n')
}

/** By how bad it is, worst first, each with its title. */
export function sortNews(
  edges: readonly Edge[],
  strangers: ReadonlySet<string>,
): readonly (readonly [string, readonly Edge[]])[] {
  return NEWS.flatMap(({ title }, index) => {
    const list = edges.filter((edge) => NEWS.findIndex(({ is }) => is(edge, strangers)) === index)
    return list.length === 0 ? [] : [[title, list] as const]
  })
}

function rulesetText({ chains, sets, transactions }: RulesetCounts): string {
  if (transactions === 0) return 'The ruleset stays as it is, byte for byte.\n'
  return (
    `The ruleset changes: ${count(chains, 'chain')} and ${count(sets, 'set')} in ${count(transactions, 'transaction')} ` +
    '(-o json has the text).\n'
  )
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}

function namespaceOf(end: string): string {
  return end.split('/')[0] ?? ''
}
