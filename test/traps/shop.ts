import { pod, policy } from '../oracle/make-objects.ts'
import type { RawPeer, RawPod, RawPolicy, RawRule } from '../oracle/raw-cluster.ts'

/** Selects the pods of the shop with that name, as a peer or in a spec. */
export const app = (name: string): Pick<RawPeer, 'podSelector'> & { readonly podSelector: object } => ({
  podSelector: { matchLabels: { app: name } },
})

/** Selects every pod. */
export const everyone = { podSelector: {} }

/** A pod of the shop with its name as label, on a node by its address. */
export function labelled(name: string, addresses: string, details: Parameters<typeof pod>[2] = {}): RawPod {
  return pod(`shop/${name}`, addresses, { labels: { app: name }, ...details })
}

export function ingressOf(name: string, ...rules: readonly RawRule[]): RawPolicy {
  return policy(`shop/${name}-in`, { ...app(name), policyTypes: ['Ingress'], ingress: rules })
}

export function egressOf(name: string, ...rules: readonly RawRule[]): RawPolicy {
  return policy(`shop/${name}-out`, { ...app(name), policyTypes: ['Egress'], egress: rules })
}

/** Closes every pod of the shop. */
export const deny = policy('shop/deny', { ...everyone, policyTypes: ['Ingress', 'Egress'] })

/** A policy of web's ingress. */
export function onWeb(name: string, spec: NonNullable<RawPolicy['spec']>): RawPolicy {
  return policy(`shop/${name}`, { ...app('web'), policyTypes: ['Ingress'], ...spec })
}

/** One peer at one port. */
export function rule(peer: string, port: number): RawRule {
  return { from: [app(peer)], ports: [{ port }] }
}
