import { FAMILIES } from '../../compiler/addresses/address.ts'
import { joinRecords, type Records } from '../../compiler/nftables/flow-record.ts'
import { readRecords } from '../../compiler/nftables/read-records.ts'
import {
  type Fate,
  FLOW_KINDS,
  type RecordedKind,
  recordedSetName,
  type WouldFate,
} from '../../compiler/nftables/recorded-sets.ts'
import { TABLE } from '../../compiler/nftables/statement-text.ts'
import { listJson, type ListOptions } from './list-json.ts'

const KINDS: Readonly<Record<Fate | WouldFate, readonly RecordedKind[]>> = {
  denied: [...FLOW_KINDS, 'ingress', 'egress', 'lost'],
  allowed: FLOW_KINDS,
  'would ingress': FLOW_KINDS,
  'would egress': FLOW_KINDS,
}

/**
 * What packets of this fate have left in the sets that they fill; undefined where one of them cannot be read, for whatever reason. A run of
 * nft for each set, since nft (1.0.6 to 1.1.7) finds only the first of two that are asked for at once.
 */
export async function readRecorded(fate: Fate | WouldFate, options: ListOptions): Promise<Records | undefined> {
  const all: Records[] = []
  for (const family of FAMILIES) {
    for (const kind of KINDS[fate]) {
      const set = recordedSetName(kind, family, fate)
      // Numbers only: names of protocols and of ICMP's codes differ between versions of nft.
      const listing = await listJson(['-n', '-j', 'list', 'set', ...TABLE.split(' '), set], options)
      if (listing === undefined) return undefined
      // What an audited policy would deny has passed.
      all.push(readRecords(listing, kind, fate === 'denied' ? 'denied' : 'allowed'))
    }
  }
  return joinRecords(all)
}
