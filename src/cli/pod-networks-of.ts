import type { Command } from 'commander'
import type { Block } from '../../compiler/addresses/block.ts'
import type { Cluster } from '../../compiler/cluster/create-cluster.ts'
import { podNetworks } from '../../compiler/flows/pod-networks.ts'
import { EXIT } from './exit-codes.ts'
import { podRangeOf } from './read-input.ts'
import type { ReadingFlags } from './reading-options.ts'

/** Where the cluster's pods have, or had, their addresses; undefined after having said that `--pod-cidr` is none. */
export function podNetworksOf(
  flags: Pick<ReadingFlags, 'podCidr'>,
  command: Command,
): ((cluster: Cluster) => readonly Block[]) | undefined {
  const podRange = podRangeOf(flags)
  if (podRange === undefined) {
    process.exitCode = EXIT.badInput
    return undefined
  }
  const isSaid = command.getOptionValueSource('podCidr') !== 'default'
  return (cluster) => podNetworks(cluster, { said: isSaid ? podRange : undefined, usual: podRange })
}
