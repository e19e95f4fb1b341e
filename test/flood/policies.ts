import { policy } from '../oracle/make-objects.ts'
import type { RawLabels, RawPeer, RawPolicy, RawPort, RawRule } from '../oracle/raw-cluster.ts'
import type { PodName } from './flood-lab.ts'

export const by = (labels: RawLabels): RawPeer => ({ podSelector: { matchLabels: labels } })

/** One pod of the lab. */
export const app = (name: PodName): RawPeer => by({ app: name })

export const udp = (port: number, endPort?: number): RawPort =>
  endPort === undefined ? { port, protocol: 'UDP' } : { port, endPort, protocol: 'UDP' }

/** A policy of the namespace shop that isolates the ingress of the pods with these labels, and grants these rules. */
export function ingress(name: string, labels: RawLabels, ...rules: readonly RawRule[]): RawPolicy {
  return policy(`shop/${name}`, { podSelector: { matchLabels: labels }, policyTypes: ['Ingress'], ingress: rules })
}

/** The same for their egress. */
export function egress(name: string, labels: RawLabels, ...rules: readonly RawRule[]): RawPolicy {
  return policy(`shop/${name}`, { podSelector: { matchLabels: labels }, policyTypes: ['Egress'], egress: rules })
}

/**
 * So many rules for cache, each for a port, a range of UDP ports and a peer that no other rule has: more than six are laid out
 * as a map of ports, more than 128 as one merged set.
 */
export function doors(count: number): readonly RawRule[] {
  return Array.from({ length: count }, (_, index) => ({
    from: [by({ door: `d${index}` }), app('cache')],
    ports: [{ port: 3000 + 10 * index }, udp(3000 + 10 * index, 3005 + 10 * index)],
  }))
}
