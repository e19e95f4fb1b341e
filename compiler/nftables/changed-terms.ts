import { rangesKey } from '../addresses/ranges.ts'
import { PROTOCOLS } from '../objects/protocol.ts'
import type { PeerGroup } from '../selectors/peer-group.ts'
import type { EndpointTerm, SetFormula, SetTerm } from './set-formula.ts'

/** What a set's formula says that another one does not. */
export interface ChangedTerms {
  readonly added: readonly SetTerm[]
  readonly removed: readonly SetTerm[]
}

/** Compares two formulas of the same set, by one walk along both. */
export function changedTerms(before: SetFormula, after: SetFormula): ChangedTerms {
  if (before.kind === 'endpoints' || after.kind === 'endpoints') {
    return walk(termsOf(before), termsOf(after), compareTerms)
  }
  const { added, removed } = walk(before.groups, after.groups, compareGroups)
  return { added: added.map((group) => ({ group })), removed: removed.map((group) => ({ group })) }
}

/** The terms of any formula. */
export function termsOf(formula: SetFormula): readonly SetTerm[] {
  return formula.kind === 'endpoints' ? formula.terms : formula.groups.map((group) => ({ group }))
}

/** Are they the same term of one set? */
export function sameTerm(left: SetTerm, right: SetTerm): boolean {
  return compareTerms(left, right) === 0
}

function walk<Term>(
  before: readonly Term[],
  after: readonly Term[],
  compare: (left: Term, right: Term) => number,
): { readonly added: readonly Term[]; readonly removed: readonly Term[] } {
  const [added, removed]: [Term[], Term[]] = [[], []]
  let [old, now] = [0, 0]
  for (;;) {
    const [left, right] = [before[old], after[now]]
    if (left === undefined && right === undefined) return { added, removed }
    const order = left === undefined ? 1 : right === undefined ? -1 : compare(left, right)
    if (order <= 0) old += 1
    if (order >= 0) now += 1
    if (order < 0 && left !== undefined) removed.push(left)
    if (order > 0 && right !== undefined) added.push(right)
  }
}

/** The order in which a class lists its terms: names, then ports as in the normal form, each with its groups by key. */
function compareTerms(left: SetTerm, right: SetTerm): number {
  if (left === right) return 0
  if (!('protocol' in left && 'protocol' in right)) return compareGroups(left.group, right.group)
  return comparePorts(left, right) || compareWithin(left, right) || compareGroups(left.group, right.group)
}

function comparePorts(left: EndpointTerm, right: EndpointTerm): number {
  const [one, other] = [left.port, right.port]
  if (one.kind === 'range' && other.kind === 'range') {
    if (left.protocol !== right.protocol) return PROTOCOLS.indexOf(left.protocol) - PROTOCOLS.indexOf(right.protocol)
    return one.from - other.from || one.to - other.to
  }
  if (one.kind === 'range') return 1
  if (other.kind === 'range') return -1
  return compareText(`${left.protocol} ${one.name}`, `${right.protocol} ${other.name}`)
}

function compareWithin(left: EndpointTerm, right: EndpointTerm): number {
  if (left.within === right.within) return 0
  return compareText(
    left.within === undefined ? '' : rangesKey(left.within),
    right.within === undefined ? '' : rangesKey(right.within),
  )
}

function compareGroups(left: PeerGroup, right: PeerGroup): number {
  return left === right ? 0 : compareText(left.key, right.key)
}

function compareText(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1
}
