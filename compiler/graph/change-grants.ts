import type { Direction } from '../objects/direction.ts'
import type { NamedPort, PolicyRule } from '../objects/objects.ts'
import { PROTOCOLS, type Protocol } from '../objects/protocol.ts'
import { type GrantParts, type NamespacedRule, rangeOf, type RulePiece } from './build-grants.ts'
import { changeWide } from './change-wide.ts'
import { firstEndingAt } from './first-ending-at.ts'
import type { Grant } from './grants.ts'
import {
  createGrantsBudget,
  GRANT_STEPS_BUDGET,
  GRANT_TERMS_BUDGET,
  type Spent,
  takeGrants,
  termsPerPort,
} from './grants-budget.ts'
import { createPeerSets } from './peer-sets.ts'
import { createWithout, peersSize } from './peers.ts'
import { rulePeers } from './rule-peers.ts'
import { sweepPorts } from './sweep-ports.ts'

/** With more than so many places to sweep, all at once is the shorter way. */
const FEW_SPANS = 32

/** A set of peers is looked at when wider grants are taken from it, and when it is compared with others. */
const STEPS_PER_PEER = 3

/** Some rules less and others more, of a pod whose named ports are the same. */
export interface ChangedRules {
  readonly removed: readonly NamespacedRule[]
  readonly added: readonly NamespacedRule[]
  readonly direction: Direction
  readonly ownPorts: readonly NamedPort[]
}

/**
 * The normal form for a few rules less and a few more: only the ports that those speak of are swept again. It is what `buildParts`
 * makes of all the rules. Undefined where that has to be asked: when a change is about port names of egress, when wider and
 * narrower grants meet in it, or when the budget might be exceeded.
 */
export function changeGrants(before: GrantParts, change: ChangedRules): GrantParts | undefined {
  if ([...change.removed, ...change.added].some(({ rule }) => givesNames(rule, change.direction))) return undefined
  if (change.removed.length + change.added.length === 0) return before
  const parts = changeWide(before, change.removed, change.added)
  if (parts === undefined) return undefined
  const gone = new Set(change.removed.map(({ rule }) => rule))
  const pieces: Record<Protocol, readonly RulePiece[]> = { ...parts.pieces }
  const ranges: Record<Protocol, readonly Grant[]> = { ...parts.ranges }
  const come = newPieces(parts, change)
  let { terms, steps } = parts.spent
  for (const rule of change.added) steps += stepsOf(rule, parts)
  for (const protocol of PROTOCOLS) {
    const old = pieces[protocol]
    const { lost, left } = gone.size === 0 ? { lost: [], left: old } : withoutRules(old, gone)
    const touched = [...lost, ...come[protocol]]
    if (touched.length === 0) continue
    pieces[protocol] = come[protocol].length === 0 ? left : left.concat(come[protocol])
    const spans = spansOf(touched, ranges[protocol])
    if (spans.length > FEW_SPANS) return undefined
    for (const span of spans) {
      const swept = sweepSpan(protocol, pieces[protocol], span)
      if (swept === undefined) return undefined
      ranges[protocol] = replaceSpan(ranges[protocol], span, swept.grants)
      terms += swept.spent.terms
      steps += swept.spent.steps
    }
  }
  // What was spent before and what is spent now are together at least what all the rules would spend.
  if (terms > GRANT_TERMS_BUDGET / 2 || steps > GRANT_STEPS_BUDGET / 2) return undefined
  return { ...parts, pieces, ranges, spent: { terms, steps } }
}

function withoutRules(
  pieces: readonly RulePiece[],
  gone: ReadonlySet<PolicyRule>,
): { readonly lost: readonly RulePiece[]; readonly left: readonly RulePiece[] } {
  const [lost, left]: [RulePiece[], RulePiece[]] = [[], []]
  for (const piece of pieces) (gone.has(piece.rule) ? lost : left).push(piece)
  return { lost, left }
}

function givesNames({ ports }: PolicyRule, direction: Direction): boolean {
  return direction === 'egress' && ports !== 'any' && ports.some(({ kind }) => kind === 'name')
}

function newPieces({ wider }: GrantParts, { added, ownPorts }: ChangedRules): Record<Protocol, RulePiece[]> {
  const pieces: Record<Protocol, RulePiece[]> = { TCP: [], UDP: [], SCTP: [] }
  for (const { rule, namespace } of added) {
    const peers = rulePeers(rule, namespace)
    if (rule.ports === 'any' || peersSize(peers) === 0) continue
    for (const port of rule.ports) {
      if (port.kind === 'all') continue
      const range = rangeOf(port, ownPorts)
      if (range === undefined) continue
      pieces[port.protocol].push({ ...range, peers: createWithout(wider[port.protocol])(peers), rule, all: peers })
    }
  }
  return pieces
}

/** To take from the rule's peers what wider grants have, for each of its ports, and to compare what is left. */
function stepsOf({ rule, namespace }: NamespacedRule, { wider }: GrantParts): number {
  const widest = PROTOCOLS.reduce((most, protocol) => Math.max(most, peersSize(wider[protocol])), 0)
  return rule.ports === 'any'
    ? 0
    : rule.ports.length * (STEPS_PER_PEER * peersSize(rulePeers(rule, namespace)) + widest)
}

/** Both ends included. */
interface Span {
  readonly from: number
  readonly to: number
}

/** Where the normal form may change: the touched ports with all of the grants that hold them or stand next to them. */
function spansOf(touched: readonly RulePiece[], grants: readonly Grant[]): readonly Span[] {
  const spans = joined(touched.map(({ from, to }) => ({ from: from - 1, to: to + 1 })))
  const wide = spans.map((span) => {
    let { from, to } = { from: span.from + 1, to: span.to - 1 }
    for (let index = firstEndingAt(grants, span.from); index < grants.length; index += 1) {
      const ports = grants[index]?.ports
      if (ports?.kind !== 'range' || ports.from > span.to) break
      from = Math.min(from, ports.from)
      to = Math.max(to, ports.to)
    }
    return { from, to }
  })
  return joined(wide)
}

/** Sorted, overlapping ones as one. */
function joined(spans: readonly Span[]): readonly Span[] {
  const result: { from: number; to: number }[] = []
  for (const { from, to } of spans.toSorted((left, right) => left.from - right.from)) {
    const last = result.at(-1)
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to)
    else result.push({ from, to })
  }
  return result
}

function sweepSpan(
  protocol: Protocol,
  pieces: readonly RulePiece[],
  span: Span,
): { readonly grants: readonly Grant[]; readonly spent: Spent } | undefined {
  const budget = createGrantsBudget()
  const sets = createPeerSets(budget)
  const inside = pieces
    .filter(({ from, to }) => from <= span.to && to >= span.from)
    .map(({ from, to, peers }) => ({
      from: Math.max(from, span.from),
      to: Math.min(to, span.to),
      peers: sets.one(peers),
    }))
  const grants = sweepPorts(protocol, inside, sets, budget)
  takeGrants(grants, budget)
  budget.takeTerms(termsPerPort(grants))
  return budget.exhausted() ? undefined : { grants, spent: budget.spent() }
}

/** No grant holds a port of the span and one beside it. */
function replaceSpan(grants: readonly Grant[], { from, to }: Span, swept: readonly Grant[]): readonly Grant[] {
  return grants.slice(0, firstEndingAt(grants, from)).concat(swept, grants.slice(firstEndingAt(grants, to + 1)))
}
