import { SEEN_LOST_CHAIN } from '../../compiler/nftables/observe-chains.ts'
import { type Counters, readCounters } from '../../compiler/nftables/read-counters.ts'
import { TABLE } from '../../compiler/nftables/statement-text.ts'
import { listJson, type ListOptions } from './list-json.ts'

/** What the counters of our table have counted since it was last built. */
export interface DeniedPackets {
  /** No policy allows them. */
  readonly policy: number
  /** Invalid ones at isolated pods, and bridge-local ones, which no policy can name. */
  readonly stray: number
}

/** Reads the counters of `refuse` and `refuse-silently`; undefined when they cannot be read, for whatever reason. */
export async function readDenied(options: ListOptions): Promise<DeniedPackets | undefined> {
  const policy = await countOf('refuse', options)
  const stray = policy === undefined ? undefined : await countOf('refuse-silently', options)
  return policy === undefined || stray === undefined ? undefined : { policy, stray }
}

/** The counter of `refuse` alone, with one run of nft; undefined when it cannot be read. */
export async function readRefused(options: ListOptions): Promise<number | undefined> {
  return countOf('refuse', options)
}

/** Packets that the hold stopped, since our table was last built; undefined when that cannot be read, as where nothing is held. */
export async function readHeld(options: ListOptions): Promise<number | undefined> {
  const dropped = await countOf('held', options)
  const refused = dropped === undefined ? undefined : await countOf('held-refused', options)
  return dropped === undefined || refused === undefined ? undefined : dropped + refused
}

/** What was allowed, was to be noted, and found no room; undefined when it cannot be read, as where nothing is observed. */
export async function readSeenLost(options: ListOptions): Promise<number | undefined> {
  return countOf(SEEN_LOST_CHAIN, options)
}

/** What every rule of our table has counted; undefined when it cannot be read. */
export async function readTableCounters(options: ListOptions): Promise<Counters | undefined> {
  const listing = await listTerse(['table', ...TABLE.split(' ')], options)
  return listing === undefined ? undefined : readCounters(listing)
}

/** One chain a run: nft 1.0.6 does not find the second of two. Terse, or elements of sets would come along. */
export async function countOf(chain: string, options: ListOptions): Promise<number | undefined> {
  const listing = await listTerse(['chain', ...TABLE.split(' '), chain], options)
  if (listing === undefined) return undefined
  const counts = readCounters(listing).get(chain) ?? []
  return counts.reduce<number>((sum, packets) => sum + (packets ?? 0), 0)
}

function listTerse(what: readonly string[], options: ListOptions): Promise<unknown> {
  return listJson(['-j', '-t', 'list', ...what], options)
}
