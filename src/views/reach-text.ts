import { styleText } from 'node:util'
import type { Entry } from '../../compiler/explain/entries.ts'
import { printable } from '../../compiler/objects/quote.ts'
import { WHOLE_CLUSTER } from '../../compiler/reach/possible-peer.ts'
import type { ReachGraph } from '../../compiler/reach/reach-graph.ts'
import { entryLines } from './entries-text.ts'
import type { TextStyle } from './explanation-text.ts'
import { hangingLines } from './hanging-lines.ts'
import { stateOf } from './picture.ts'
import type { ReachRow } from './reach-rows.ts'

const MOST_NAMES = 8

/** Who may connect to whom, one line for each, with the rules that let it; then the ways from outside, and whom no policy isolates. */
export function reachText(
  rows: readonly ReachRow[],
  graph: ReachGraph,
  ways: readonly Entry[],
  style: TextStyle,
): string {
  const lines = rows.flatMap(({ from, to, ports, why }) => [
    hangingLines(`${from} → ${to}  ${ports}`, style.width),
    ...why.map(({ name, place }) => dim(`    ${name}${place === '' ? '' : `  ${printable(place)}`}`, style)),
  ])
  const body = lines.length === 0 ? `${noRowText(graph)}\n` : `${lines.join('\n')}\n`
  const fromOutside = entryLines(ways).map((line) => `${hangingLines(line, style.width)}\n`)
  const parts = [body, fromOutside.join(''), hangingLines(freeText(graph), style.width)]
  return parts.filter((part) => part !== '').join('\n')
}

/** What stands for a table without a line: not that nothing passes, where all does. */
export function noRowText({ edges }: ReachGraph): string {
  return edges.length === 0 ? 'Nothing.' : 'No connection in which a policy has a say.'
}

/** What no line says: everything passes between free ends. */
export function freeText({ by, nodes, possible }: ReachGraph): string {
  if (by === 'namespace') return ''
  const open = (state: string) => nodes.filter((node) => stateOf(node) === state).map(({ id }) => id)
  const parts = [
    ['Open both ways, no policy isolates them', open('open')],
    ['Free to be reached by all', open('egress isolated')],
    ['Free to reach all', open('ingress isolated')],
    ['On the network of their nodes, where no policy governs them', open('host network')],
    ['Not in the input, but named by rules', possible.map(({ peer }) => peer.id).filter((id) => id !== WHOLE_CLUSTER)],
  ] as const
  const lines = parts.flatMap(([what, ids]) => (ids.length === 0 ? [] : [`${what}: ${namesText(ids)}.\n`]))
  return lines.join('')
}

function namesText(ids: readonly string[]): string {
  const rest = ids.length - MOST_NAMES
  return rest > 1 ? `${ids.slice(0, MOST_NAMES).join(', ')} and ${rest} more` : ids.join(', ')
}

function dim(text: string, { color }: TextStyle): string {
  return color ? styleText('dim', text, { validateStream: false }) : text
}
