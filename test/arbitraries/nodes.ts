import fc from 'fast-check'
import type { RawNode } from '../oracle/raw-cluster.ts'
import { NODES } from './pods.ts'

/** The Node objects of the nodes on which the pods are. */
export const RAW_NODES: readonly RawNode[] = NODES.map(({ name, subnets, addresses }) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name },
  spec: { podCIDRs: [`${subnets[0]}0/24`, `${subnets[1]}/64`] },
  status: { addresses: addresses.map((address) => ({ type: 'InternalIP', address })) },
}))

/** None, some or all of them, as an input may have them. */
export const someNodes: fc.Arbitrary<readonly RawNode[]> = fc.subarray([...RAW_NODES])
