import { sameTerm, termsOf, type ChangedTerms } from '../nftables/changed-terms.ts'
import type { SetFormula, SetTerm } from '../nftables/set-formula.ts'
import type { PeerGroup } from '../selectors/peer-group.ts'

/** A set in use. */
export interface SetNode {
  /** As of now; of one that is named by its place it changes. */
  formula: SetFormula
  /** The formula's groups, each once, with the terms that speak of it. */
  readonly parts: Map<string, GroupPart>
  users: number
  /** It stood when the batch began. */
  standing: boolean
  /** What the formula has come to say, and says no more, since then. */
  readonly changed: { readonly added: Set<SetTerm>; readonly removed: Set<SetTerm> }
}

interface GroupPart {
  readonly group: PeerGroup
  readonly terms: SetTerm[]
}

/** A set that nobody uses yet. */
export function createSetNode(formula: SetFormula): SetNode {
  const node = {
    formula,
    parts: new Map<string, GroupPart>(),
    users: 0,
    standing: false,
    changed: { added: new Set<SetTerm>(), removed: new Set<SetTerm>() },
  }
  for (const term of termsOf(formula)) addTerm(node, term)
  return node
}

/** The set says something else from now on; groups that it says nothing of any more are returned. */
export function changeFormula(node: SetNode, formula: SetFormula, { added, removed }: ChangedTerms): void {
  node.formula = formula
  for (const term of removed) {
    removeTerm(node, term)
    node.changed.removed.add(term)
  }
  for (const term of added) {
    addTerm(node, term)
    node.changed.added.add(term)
  }
}

function addTerm({ parts }: SetNode, term: SetTerm): void {
  const part = parts.get(term.group.key)
  if (part === undefined) parts.set(term.group.key, { group: term.group, terms: [term] })
  else part.terms.push(term)
}

function removeTerm({ parts }: SetNode, term: SetTerm): void {
  const part = parts.get(term.group.key)
  const at = part?.terms.findIndex((one) => sameTerm(one, term)) ?? -1
  if (part === undefined || at < 0) throw new Error(`a set does not say what it should say no more: ${term.group.key}`)
  part.terms.splice(at, 1)
  if (part.terms.length === 0) parts.delete(term.group.key)
}
