import type { Lab } from '../../src/lab/lab.ts'

/** What stands in our table, as nft lists it, in a form in which equal tables are equal texts. */
export interface TableListing {
  /** The names of its chains, in order. */
  readonly chains: readonly string[]
  /** The names of its sets and maps, in order. */
  readonly sets: readonly string[]
  /** One line for each object: what it is, its rules in their order, its elements in any. */
  readonly lines: readonly string[]
}

type Value = { readonly [key: string]: unknown }

/** Lists the table of a node; handles, what was counted, and what denied packets wrote into the sets that they fill, are of no interest. */
export async function listTable(lab: Lab, node: string): Promise<TableListing> {
  const text = await lab.nft(node, ['-j', 'list', 'table', 'inet', 'selvedge'])
  const { nftables } = JSON.parse(text, forgetful) as { readonly nftables: readonly Readonly<Record<string, Value>>[] }
  const of = (kind: string): readonly Value[] =>
    nftables.flatMap((entry) => (entry[kind] === undefined ? [] : [entry[kind]]))
  const rules = Map.groupBy(of('rule'), (rule) => String(rule['chain']))
  const names = (values: readonly Value[]) => values.map((value) => String(value['name'])).toSorted()
  const sets = [...of('set'), ...of('map')]
  return {
    chains: names(of('chain')),
    sets: names(sets),
    lines: [
      ...of('chain').map((chain) => JSON.stringify([chain, rules.get(String(chain['name'])) ?? []])),
      // Those that packets fill are the only sets with a timeout.
      ...sets.map((set) => JSON.stringify({ ...set, elem: sortedTexts('timeout' in set ? [] : set['elem']) })),
    ].toSorted(),
  }
}

function forgetful(key: string, value: unknown): unknown {
  return key === 'handle' || key === 'packets' || key === 'bytes' ? undefined : value
}

function sortedTexts(elements: unknown): readonly string[] {
  return Array.isArray(elements) ? elements.map((element) => JSON.stringify(element)).toSorted() : []
}
