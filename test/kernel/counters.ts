import type { Lab } from '../../src/lab/lab.ts'

interface CounterListing {
  readonly nftables: readonly { readonly counter?: { readonly name: string; readonly packets: number } }[]
}

/** How many packets each counter of a test's own table has seen. */
export async function readCounters(lab: Lab, node: string, table: string): Promise<Readonly<Record<string, number>>> {
  const json = await lab.nft(node, ['-j', 'list', 'counters', 'table', ...table.split(' ')])
  const { nftables } = JSON.parse(json) as CounterListing
  return Object.fromEntries(nftables.flatMap(({ counter }) => (counter ? [[counter.name, counter.packets]] : [])))
}
