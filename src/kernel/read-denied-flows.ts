import { FAMILIES } from '../../compiler/addresses/address.ts'
import type { Records } from '../../compiler/nftables/flow-record.ts'
import { readRecords } from '../../compiler/nftables/read-records.ts'
import { type RecordedKind, recordedSetName } from '../../compiler/nftables/recorded-sets.ts'
import { TABLE } from '../../compiler/nftables/statement-text.ts'
import { runProgram } from './run-program.ts'
import type { DeniedOptions } from './read-denied.ts'

const KINDS: readonly RecordedKind[] = ['flows', 'icmp', 'untracked', 'ingress', 'egress']

/**
 * What packets have left in the sets of denied flows; undefined where one of them cannot be read, for whatever reason. A run of nft for
 * each set, since nft (1.0.6 to 1.1.7) finds only the first of two that are asked for at once.
 */
export async function readDeniedFlows(options: DeniedOptions): Promise<Records | undefined> {
  const all: Records[] = []
  for (const family of FAMILIES) {
    for (const kind of KINDS) {
      const listing = await listSet(recordedSetName(kind, family), options)
      if (listing === undefined) return undefined
      all.push(readRecords(listing, kind))
    }
  }
  return { flows: all.flatMap(({ flows }) => flows), totals: all.flatMap(({ totals }) => totals) }
}

/** Numbers only: names of protocols and of ICMP's codes differ between versions of nft. */
async function listSet(name: string, options: DeniedOptions): Promise<unknown> {
  const { command = ['nft'], timeoutMilliseconds, signal } = options
  const argv = [...command, '-n', '-j', 'list', 'set', ...TABLE.split(' '), name]
  const end = await runProgram(argv, { timeoutMilliseconds, signal })
  if (end.kind !== 'exited' || end.exitCode !== 0) return undefined
  try {
    return JSON.parse(end.stdout)
  } catch {
    return undefined
  }
}
