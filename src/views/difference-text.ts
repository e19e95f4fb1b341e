import { styleText } from 'node:util'
import type { EntryChange } from '../../compiler/explain/compare-entries.ts'
import type { ReachChange } from '../../compiler/reach/compare-reach.ts'
import { printable } from '../../compiler/objects/quote.ts'
import type { Edge } from '../../compiler/reach/edge.ts'
import { isBlock } from './edge-lines.ts'
import { entryText } from './entries-text.ts'
import type { TextStyle } from './explanation-text.ts'
import { hangingLines } from './hanging-lines.ts'
import { reachRows } from './reach-rows.ts'
import type { Cited } from './rules-behind.ts'
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

/** Why edges pass that open, now, and that close, before; each time of all between two ends. */
export interface DifferenceWhy {
  opens(edges: readonly Edge[]): readonly Cited[]
  closes(edges: readonly Edge[]): readonly Cited[]
}

const UNTOLD: DifferenceWhy = { opens: () => [], closes: () => [] }

/** What a change opens and closes, in names; then how much of the ruleset it touches. */
export function differenceText(
  { opens, closes, added, removed, leavesPolicy, comesUnderPolicy, strangers, hosts }: ReachChange,
  ruleset: RulesetCounts,
  { color, width }: TextStyle,
  entries: EntryChange = { opens: [], closes: [] },
  why: DifferenceWhy = UNTOLD,
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
  for (const [what, sign, edges, hue, whyOf] of [
    ['Opens', '+', opens, 'red', why.opens],
    ['Closes', '-', closes, 'green', why.closes],
  ] as const) {
    for (const [title, list] of sortNews(withoutRepeats(edges, meant), meant.strangers)) {
      const heading = `${what}, ${title}:`
      const paint = (line: string): string => (color ? styleText(hue, line, { validateStream: false }) : line)
      const lines = reachRows(list, whyOf).flatMap(({ from, to, ports, why: cited }) => [
        ...hangingLines(`  ${sign} ${from} → ${to}  ${ports}`, width).split('\n').map(paint),
        ...cited.map(({ name, place }) => `      ${name}${place === '' ? '' : `  ${printable(place)}`}`),
      ])
      parts.push(`${heading}\n${lines.join('\n')}\n`)
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
