import type { Lab } from '../../src/lab/lab.ts'
import { withoutCounts } from '../support/without-counts.ts'

type Json = Readonly<Record<string, unknown>>

/** Our table of a node as text, handles included, counts left out; empty when there is none. */
export async function listing(lab: Lab, node = 'node-1'): Promise<string> {
  const { stdout } = await lab.exec(node, ['nft', '-a', 'list', 'table', 'inet', 'selvedge'])
  return withoutCounts(stdout)
}

/**
 * Our table of a node with everything left out that depends on how it came to be: handles, counts, what denied packets wrote
 * into the sets that they fill, the order of objects and elements, and the generation, which stands in the conntrack mark's
 * rules and nowhere else.
 */
export async function normalTable(lab: Lab, node = 'node-1'): Promise<readonly string[]> {
  const objects = await objectsOf(lab, node)
  const rules = Map.groupBy(
    objects.flatMap(({ rule }) => (rule === undefined ? [] : [rule])),
    (rule) => String(rule['chain']),
  )
  const others = objects.filter(({ rule }) => rule === undefined).map((object) => normal(object))
  // Within a chain the order of the rules is what it means.
  const bodies = [...rules].map(([chain, body]) => `rules of ${chain}: ${normal(body.map(({ expr }) => expr))}`)
  return [...others, ...bodies].sort()
}

function normal(value: unknown): string {
  return JSON.stringify(value, (key, each: unknown) => {
    if (isRecorded(each)) return { ...each, elem: undefined }
    if (key === 'handle' || key === 'packets' || key === 'bytes') return undefined
    if (key === 'elem' && Array.isArray(each)) return each.map((element) => JSON.stringify(element)).sort()
    // The first rule compares the conntrack mark with the generation, and the one in `allow` writes it.
    if ((key === 'match' || key === 'mangle') && JSON.stringify(each).includes('{"ct":{"key":"mark"}}'))
      return 'generation'
    return each
  })
}

/** A set that packets fill: those alone have a timeout. (In JSON nft 1.0.6 leaves the flag `dynamic` out.) */
function isRecorded(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && 'timeout' in value && 'elem' in value
}

/** What nft lists, one object of one kind each; empty where there is no table. */
async function objectsOf(lab: Lab, node: string): Promise<readonly Readonly<Record<string, Json>>[]> {
  const { exitCode, stdout } = await lab.exec(node, ['nft', '-j', 'list', 'table', 'inet', 'selvedge'])
  if (exitCode !== 0) return []
  const { nftables } = JSON.parse(stdout) as { readonly nftables: readonly Readonly<Record<string, Json>>[] }
  return nftables.filter((object) => object['metainfo'] === undefined)
}
