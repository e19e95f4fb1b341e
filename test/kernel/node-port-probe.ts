import type { Family } from '../../compiler/addresses/address.ts'
import type { Probe } from '../../src/lab/probe.ts'
import type { Kernel, PodName } from './kernel-lab.ts'
import { probe } from './passing.ts'

/** From outside to a port of node-1 behind which the pod is. */
export function nodePortProbe(kernel: Kernel, family: Family, port: number, to: PodName): Probe {
  const toAddress = kernel.lab.nodes[0]?.underlay[family] ?? ''
  return { ...probe(family, 'outside', to, { protocol: 'TCP', port }), toAddress, via: 'node-1' }
}
