import { styleText } from 'node:util'
import type { FamilyAnswer, PairAnswer } from '../../compiler/explain/answer-leg.ts'
import type { Explanation } from '../../compiler/explain/explanation.ts'
import type { DirectionAnswer, NearRule, RuleReference } from '../../compiler/explain/explain-connection.ts'
import type { Suggestion } from '../../compiler/explain/suggest-policy.ts'
import type { GraphPod } from '../../compiler/graph/allow-graph.ts'
import { podName } from '../../compiler/objects/pod-name.ts'
import type { Transport } from '../../compiler/graph/judge.ts'
import { edgeLines } from './edge-lines.ts'
import { hangingLines } from './hanging-lines.ts'

export interface TextStyle {
  /** The caller knows about NO_COLOR and pipes. */
  readonly color: boolean
  /** Columns of the terminal. */
  readonly width: number
}

/** The answer in the first line, then why, for each direction; then what is worth knowing; then what would allow it. */
export function explanationText(
  { pairs, notes, would }: Explanation,
  suggestion: Suggestion | undefined,
  style: TextStyle,
): string {
  const answers = foldedPairs(pairs, style).map((text) => hangingLines(text, style.width))
  const remarks = notes.map((note) => hangingLines(`note: ${note}\n`, style.width))
  const audited = would === undefined ? '' : hangingLines(wouldText(pairs, would, style), style.width)
  return [...answers, audited, remarks.join(''), suggestion === undefined ? '' : suggestionText(suggestion, style)]
    .filter((part) => part !== '')
    .join('\n')
}

/** What policies that are only audited would make of it. */
function wouldText(
  now: readonly PairAnswer[],
  { policies, answer }: NonNullable<Explanation['would']>,
  style: TextStyle,
): string {
  const verdicts = (pairs: readonly PairAnswer[]) =>
    pairs.map(({ from, to, allowed }) => `${from} ${to} ${allowed}`).join()
  const only = `${policies.join(', ')} ${policies.length === 1 ? 'is' : 'are'} only audited; enforced,`
  if (verdicts(now) === verdicts(answer.pairs)) return `${only} the answer would be the same\n`
  return `${only} this would be\n${foldedPairs(answer.pairs, style).join('')}`
}

const MOST_NAMES = 4

/** Destinations of which there is the same to say are told once: behind a Service or a node's port there may be hundreds. */
function foldedPairs(pairs: readonly PairAnswer[], style: TextStyle): readonly string[] {
  const alike = Map.groupBy(pairs, (pair) =>
    JSON.stringify([pair.from, transportText(pair.transport), pair.allowed, pairBody(pair, 'each', style)]),
  )
  return [...alike.values()].map((group) => {
    const [pair] = group
    if (pair === undefined) return ''
    const names = group.map(({ to }) => to)
    const rest = names.length - MOST_NAMES
    const to = rest > 1 ? `${names.slice(0, MOST_NAMES).join(', ')} and ${rest} more` : names.join(', ')
    const first = `${verdictText(pair.allowed, style)}: ${pair.from} → ${to} ${transportText(pair.transport)}`
    return `${first}\n${pairBody(pair, group.length === 1 ? pair.to : 'each', style)}`
  })
}

function pairBody({ from, families }: PairAnswer, to: string, style: TextStyle): string {
  // Families of which there is the same to say are told once.
  const [only, ...others] = families.map((one) => familyText(one, from, to, '', style))
  if (only !== undefined && others.every((text) => text === only)) return only
  return families.map((one) => familyText(one, from, to, ` (${one.family})`, style)).join('')
}

function familyText({ answer }: FamilyAnswer, from: string, to: string, family: string, style: TextStyle): string {
  if (answer.itself) return `  a pod always reaches itself${family}\n`
  if (answer.ownNode !== undefined) return ownNodeText(answer.ownNode, family)
  return (
    directionText(`egress of ${from}${family}`, answer.egress, style) +
    directionText(`ingress of ${to}${family}`, answer.ingress, style)
  )
}

function ownNodeText({ pod }: GraphPod, family: string): string {
  const where = pod.node === undefined ? 'that node' : `node ${pod.node}`
  return `  ${podName(pod)} runs on ${where}, and a node and its own pods always reach each other${family}\n`
}

function directionText(what: string, answer: DirectionAnswer, style: TextStyle): string {
  const { isolatedBy, closed, allowed, grantedBy, nearest, elsewhere } = answer
  if (elsewhere === true) return `  ${what}: sees another address, asked below\n`
  if (isolatedBy.length === 0) return `  ${what}: open, no policy isolates it\n`
  const lines = [`  ${what}: ${verdictText(allowed, style)}`, `    isolated by ${isolatedBy.join(', ')}`]
  for (const rule of grantedBy) lines.push(`    granted by ${ruleText(rule)}`)
  for (const reason of closed) lines.push(`    closed: ${reason}`)
  if (!allowed && closed.length === 0 && nearest.length === 0)
    lines.push('    none of these has a rule: nothing is allowed')
  for (const rule of nearest) lines.push(`    not granted by ${ruleText(rule)}: ${missText(rule)}`)
  return `${lines.join('\n')}\n`
}

function ruleText({ policy, rule, place }: RuleReference): string {
  return `${policy} ${rule}${place === undefined ? '' : ` (${place.file}:${place.line})`}`
}

function missText({ fit: { port, peer } }: NearRule): string {
  const parts = [...(peer === undefined ? [] : [peer]), ...(port === undefined ? [] : [`its ports are ${port}`])]
  return parts.join('; ')
}

/** The manifests stay as they are: they are there to be pasted. */
function suggestionText({ yaml, opens, closes }: Suggestion, { width }: TextStyle): string {
  const closing = closes.length === 0 ? '' : `and would close:\n${hangingLines(edgeLines(closes), width)}`
  return `This would allow it:\n\n${yaml}\nAll that it opens:\n${hangingLines(edgeLines(opens), width)}${closing}`
}

function transportText(transport: Transport): string {
  return transport.protocol === 'other' ? 'ICMP' : `${transport.protocol} ${transport.port}`
}

function verdictText(allowed: boolean, { color }: TextStyle): string {
  const text = allowed ? 'allowed' : 'denied'
  return color ? styleText(allowed ? 'green' : 'red', text, { validateStream: false }) : text
}
