import { policy } from '../oracle/make-objects.ts'
import type { RawPeer, RawPolicy, RawPort, RawRule } from '../oracle/raw-cluster.ts'
import type { PodName } from './kernel-lab.ts'

/** Selects one pod of the lab. */
export const app = (name: PodName): RawPeer => ({ podSelector: { matchLabels: { app: name } } })

export const tcp = (port: number): RawPort => ({ protocol: 'TCP', port })
export const udp = (port: number): RawPort => ({ protocol: 'UDP', port })

/** All addresses of both families. */
export const ANYWHERE: readonly RawPeer[] = [{ ipBlock: { cidr: '0.0.0.0/0' } }, { ipBlock: { cidr: '::/0' } }]

/** A policy that isolates the pod's ingress and grants these rules. */
export function ingress(name: PodName, ...rules: readonly RawRule[]): RawPolicy {
  const podSelector = { matchLabels: { app: name } }
  return policy(`shop/${name}-ingress`, { podSelector, policyTypes: ['Ingress'], ingress: rules })
}

/** A policy that isolates the pod's egress and grants these rules. */
export function egress(name: PodName, ...rules: readonly RawRule[]): RawPolicy {
  const podSelector = { matchLabels: { app: name } }
  return policy(`shop/${name}-egress`, { podSelector, policyTypes: ['Egress'], egress: rules })
}

/** Both directions of the pod closed. */
export function closed(name: PodName): readonly RawPolicy[] {
  return [ingress(name), egress(name)]
}
