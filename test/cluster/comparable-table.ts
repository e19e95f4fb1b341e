import type { Lab } from '../../src/lab/lab.ts'

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }
type Entry = Readonly<Record<string, { readonly [key: string]: Json }>>

/** The lowest bit that a generation has in the conntrack mark, and the whole mask, unless a flag says otherwise. */
const GENERATION_STEP = 2 ** 20
const MARK_MASK = 0xfff00000

/**
 * What our table on a node holds, one text an entry, in an order of its own: without handles, counts, and the number of
 * the generation, which depend on its past. Rules keep their order within their chain.
 */
export async function comparableTable(lab: Lab, node: string): Promise<readonly string[]> {
  const listing = JSON.parse(await lab.nft(node, ['-j', 'list', 'table', 'inet', 'selvedge'])) as {
    readonly nftables: readonly Entry[]
  }
  const places = new Map<string, number>()
  return listing.nftables
    .flatMap((entry) => {
      const [type = '', value = {}] = Object.entries(entry)[0] ?? []
      if (type === 'metainfo') return []
      const owner = JSON.stringify(value['chain'] ?? value['name'])
      const place = places.get(owner) ?? 0
      if (type === 'rule') places.set(owner, place + 1)
      return [`${type} ${owner} ${type === 'rule' ? place : ''} ${JSON.stringify(normal(value))}`]
    })
    .toSorted()
}

function normal(value: Json, under = ''): Json {
  if (typeof value === 'number') {
    if (value < GENERATION_STEP || value === MARK_MASK) return value
    // The kernel folds the bits that are set into the mask of those that are kept.
    const rest = value % GENERATION_STEP
    if (rest === 0) return 'the generation'
    return rest === GENERATION_STEP - 1 ? 'all but the generation' : value
  }
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).map((item) => normal(item))
    return under === 'elem'
      ? items.toSorted((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1))
      : items
  }
  // Only sets that denied packets fill have a timeout.
  const ofThePast = 'timeout' in value ? ['handle', 'elem'] : ['handle', 'packets', 'bytes']
  const kept = Object.entries(value).filter(([key]) => !ofThePast.includes(key))
  return Object.fromEntries(kept.map(([key, item]) => [key, normal(item, key)]))
}
