import type { RawPolicy } from '../../oracle/raw-cluster.ts'
import { APPLICATIONS, namespaceOf, UNSELECTED } from './pods.ts'

/** One policy: it isolates the pods of an application, or one pod, and admits an application to one UDP port. */
export interface Grant {
  readonly selects: { readonly application: number } | { readonly pod: number }
  readonly from: number
  readonly port: number
}

export type Spread = 'over the pods' | 'on one pod'

/**
 * Policies of one grant each. Over the pods: the applications in turn, each further policy of one with a port and a peer
 * of its own. On one pod: all of them select pod 0, each with a port and a peer of its own, so that none joins another.
 */
export function grantsOf(policies: number, spread: Spread): readonly Grant[] {
  return Array.from({ length: policies }, (_, index): Grant => {
    if (spread === 'on one pod') return { selects: { pod: 0 }, from: 1 + ((index * 7) % 999), port: 5_000 + index }
    const application = index % APPLICATIONS
    const turn = Math.floor(index / APPLICATIONS)
    return { selects: { application }, from: (application + 1 + 50 * turn) % APPLICATIONS, port: 5_000 + turn }
  })
}

/** The grants that a local pod has, in the order of the policies. */
export function grantsFor(grants: readonly Grant[], pod: number): readonly Grant[] {
  return grants.filter((grant) => isFor(grant, pod))
}

/** Does the policy select this local pod? */
export function isFor({ selects }: Grant, pod: number): boolean {
  return pod !== UNSELECTED && ('pod' in selects ? selects.pod : selects.application) === pod
}

export function policyOf({ selects, from, port }: Grant, index: number): RawPolicy {
  const labels: Record<string, string> =
    'pod' in selects ? { pod: `pod-${selects.pod}` } : { app: `app-${selects.application}` }
  const inNamespace = namespaceOf('pod' in selects ? selects.pod : selects.application)
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: `policy-${index}`, namespace: inNamespace },
    spec: {
      podSelector: { matchLabels: labels },
      ingress: [{ from: [applicationPeer(from)], ports: [{ protocol: 'UDP', port }] }],
    },
  }
}

/** The pods of an application, whatever namespace asks. */
export function applicationPeer(application: number): {
  namespaceSelector: { matchLabels: Record<string, string> }
  podSelector: { matchLabels: Record<string, string> }
} {
  return {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespaceOf(application) } },
    podSelector: { matchLabels: { app: `app-${application}` } },
  }
}
