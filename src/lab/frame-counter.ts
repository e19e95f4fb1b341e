import { enterNamespace } from './namespaces.ts'
import { mustRun } from './run-command.ts'
import type { Place } from './topology.ts'

export interface FrameCounter {
  /** How many frames matched since the counter stands. */
  packets(): Promise<number>
  close(): Promise<void>
}

interface CounterListing {
  readonly nftables: readonly { readonly counter?: { readonly packets: number } }[]
}

/**
 * Counts what comes in at a place and matches, before any rule can drop it. `matcher` is the left side of an nft rule,
 * such as `ip daddr 239.1.1.1 udp dport 5000`; empty counts everything. A pod and the outside are watched at eth0,
 * where frames for another MAC (flooded ones) do not count; a node before its routing, bridged traffic included.
 */
export async function countFrames(place: Place, matcher: string, identifier: string): Promise<FrameCounter> {
  const [family, hook] =
    place.kind === 'node' ? ['inet', 'prerouting priority -320'] : ['netdev', 'ingress device "eth0" priority -510']
  const table = `${family} selvedge-lab-count-${identifier}`
  const nft = (args: readonly string[]): string[] => enterNamespace(place.namespace, ['nft', ...args])
  const text = `table ${table} {
  counter matched { }
  chain watch {
    type filter hook ${hook}; policy accept;
    ${place.kind === 'node' ? '' : 'meta pkttype other accept'}
    ${matcher} counter name matched
  }
}
`
  await mustRun(nft(['-f', '-']), { input: text })
  return {
    packets: async () => {
      const json = await mustRun(nft(['-j', 'list', 'counters', 'table', ...table.split(' ')]))
      const listing = JSON.parse(json) as CounterListing
      return listing.nftables.reduce((sum, entry) => sum + (entry.counter?.packets ?? 0), 0)
    },
    close: async () => {
      await mustRun(nft(['delete', 'table', ...table.split(' ')]))
    },
  }
}
