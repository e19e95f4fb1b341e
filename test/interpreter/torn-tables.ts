import type { Chain, TableView } from './table-state.ts'

/**
 * What a packet may meet while a transaction is committed: it walks the rules of one version, and reads sets as they
 * are at that instant, which is the other. A set that only one version has is as it is there; a chain that only the
 * sets' version has is empty, since its rules do not exist in the rules' version.
 */
export function tornTables(rulesFrom: TableView, elementsFrom: TableView): TableView {
  const [rules, elements] = [rulesFrom.state, elementsFrom.state]
  const chains = new Map<string, Chain>()
  for (const { name } of elements?.chains.values() ?? []) chains.set(name, { name, base: undefined, rules: [] })
  for (const chain of rules?.chains.values() ?? []) chains.set(chain.name, chain)
  return { state: { chains, sets: new Map([...(rules?.sets ?? []), ...(elements?.sets ?? [])]) } }
}
