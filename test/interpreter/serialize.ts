import { intervalText } from './data-types.ts'
import type { Element, NftSet } from './nft-set.ts'
import type { Chain, TableView } from './table-state.ts'
import { verdictText } from './verdict.ts'

/** The chains that change with the generation and with nothing else. */
export const GENERATION_CHAINS: readonly string[] = ['forward', 'allow']

/**
 * The table as text for comparing and for people, not for nft: objects and elements sorted, one spelling for each value.
 * Of the chains in `withoutRules` only the name and the hook are told. Empty when there is no table.
 */
export function serialize({ state }: TableView, withoutRules: readonly string[] = []): string {
  if (state === undefined) return ''
  const chains = [...state.chains.values()].sort(byName).map((chain) => chainText(chain, withoutRules))
  const sets = [...state.sets.values()].sort(byName).map(setText)
  return ['table', ...chains, ...sets].map((block) => `${block}\n`).join('')
}

function chainText({ name, base, rules }: Chain, withoutRules: readonly string[]): string {
  const hook = base === undefined ? '' : ` hook ${base.hook} priority ${base.priority} policy ${base.policy}`
  if (withoutRules.includes(name)) return `chain ${name}${hook} …`
  const lines = rules.map(({ text, comment }) => (comment === undefined ? text : `${text} comment "${comment}"`))
  return [`chain ${name}${hook}`, ...lines].join('\n  ')
}

function setText(set: NftSet): string {
  const flags = `${set.interval ? ' interval' : ''}${set.recorded === undefined ? '' : ` recorded ${set.recorded}`}`
  const comment = set.comment === undefined ? '' : ` comment "${set.comment}"`
  const elements = [...set.elements.values()].map((element) => elementText(set, element)).sort()
  return [`${set.kind} ${set.name} ${set.type.join(' . ')}${flags}${comment}`, ...elements].join('\n  ')
}

function elementText({ type }: NftSet, { fields, comment, verdict }: Element): string {
  const key = type.map((one, index) => intervalText(one, fields[index] ?? NOTHING)).join(' . ')
  const note = comment === undefined ? '' : ` comment "${comment}"`
  return verdict === undefined ? `${key}${note}` : `${key}${note} : ${verdictText(verdict)}`
}

const NOTHING = { first: 0n, last: 0n }

function byName(left: { readonly name: string }, right: { readonly name: string }): number {
  return left.name < right.name ? -1 : left.name > right.name ? 1 : 0
}
