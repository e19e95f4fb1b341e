import type { FlowRecord } from '../../compiler/nftables/flow-record.ts'
import { WOULD_COUNTERS } from '../../compiler/nftables/would-chains.ts'
import { type Direction, DIRECTIONS } from '../../compiler/objects/direction.ts'
import type { ListOptions } from './list-json.ts'
import { countOf } from './read-denied.ts'
import { readRecorded } from './read-recorded.ts'

/** A flow that passed and that an audited policy did not grant in this direction; whether it is news is for a judgement to say. */
export interface AskedFlow extends FlowRecord {
  readonly direction: Direction
}

/** Packets since our table was last built, or since a policy of the cluster began to be audited. */
export interface WouldCounts {
  readonly noted: number
  /** That found no room. */
  readonly lost: number
  /** Invalid ones of addresses that only audited policies select. */
  readonly stray: number
  /** Bridge-local ones, where no pod is isolated yet; null: they are refused already, or pass anyway. */
  readonly bridgeLocal: number | null
}

/** The counters alone; undefined where they cannot be read, as where nothing is audited. */
export async function readWouldCounts(options: ListOptions, isGuarded: boolean): Promise<WouldCounts | undefined> {
  const noted = await countOf(WOULD_COUNTERS.noted, options)
  const lost = noted === undefined ? undefined : await countOf(WOULD_COUNTERS.lost, options)
  const stray = lost === undefined ? undefined : await countOf(WOULD_COUNTERS.stray, options)
  if (noted === undefined || lost === undefined || stray === undefined) return undefined
  const bridgeLocal = isGuarded ? undefined : await countOf('bridge-local', options)
  return { noted, lost, stray, bridgeLocal: bridgeLocal ?? null }
}

/** What packets have left in the sets of audited policies; undefined where one cannot be read. */
export async function readAskedFlows(options: ListOptions): Promise<readonly AskedFlow[] | undefined> {
  const all: AskedFlow[] = []
  for (const direction of DIRECTIONS) {
    const records = await readRecorded(`would ${direction}`, options)
    if (records === undefined) return undefined
    for (const flow of records.flows) all.push({ ...flow, direction })
  }
  return all
}
