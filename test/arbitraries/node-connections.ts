import type { Connection } from '../oracle/connection.ts'
import type { RawCluster } from '../oracle/raw-cluster.ts'
import { podAddresses } from './interesting-addresses.ts'
import { NODES } from './pods.ts'

/** Between pods and the nodes, by every address that a node may have. */
export function nodeConnections(cluster: RawCluster): readonly Connection[] {
  const own = podAddresses(cluster)
  return NODES.flatMap(({ addresses, subnets }) =>
    [...addresses, `${subnets[0]}0`, `${subnets[0]}1`, `${subnets[1]}`, `${subnets[1]}1`].flatMap((node) =>
      own
        .filter((address) => address !== node && address.includes(':') === node.includes(':'))
        .flatMap((address): readonly Connection[] => [
          { source: address, destination: node, protocol: 'TCP', port: 80 },
          { source: node, destination: address, protocol: 'TCP', port: 80 },
        ]),
    ),
  )
}
