import fc from 'fast-check'
import type { RawCluster, RawPeer, RawPolicy, RawPort, RawSelector } from '../oracle/raw-cluster.ts'
import { clusters } from './clusters.ts'

/** Peers that the API server refuses; the first three have a plain meaning (nobody), the others close their direction. */
const REFUSED_PEERS: readonly (RawPeer | null)[] = [
  {},
  null,
  { ipBlock: { cidr: '10.244.0.0/16', except: ['10.244.0.0/16'] } },
  { ipBlock: { cidr: '10.244.0.0/33' } },
  { ipBlock: { cidr: 'anywhere' } },
  { ipBlock: { cidr: '10.244.0.0/16', except: ['192.0.2.0/24'] } },
  { ipBlock: { cidr: '10.244.0.0/16', except: ['fd44::/64'] } },
  { ipBlock: { cidr: '10.244.0.0/16' }, podSelector: {} },
  { podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: [] }] } },
  { namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'Exists', values: ['a'] }] } },
  { podSelector: { matchExpressions: [{ key: 'app', operator: 'Matches', values: ['a'] }] } },
]

const REFUSED_PORTS: readonly RawPort[] = [
  { port: 70000 },
  { port: 0 },
  { port: 90, endPort: 80 },
  { endPort: 80 },
  { port: 'http', endPort: 80 },
  { port: '80' },
  { port: 80, protocol: 'ICMP' },
]

/** Nobody can say whom a policy with one of these selects. */
const REFUSED_SELECTORS: readonly RawSelector[] = [
  { matchExpressions: [{ key: 'app', operator: 'In' }] },
  { matchExpressions: [{ key: 'app', operator: 'Exists', values: ['a'] }] },
  { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'app', operator: 'Matches', values: ['a'] }] },
]

/** Clusters in which one policy carries something that the API server would refuse. */
export function clustersWithRefusedPolicy(): fc.Arbitrary<RawCluster> {
  const flaw = fc.oneof(
    fc.constantFrom(...REFUSED_PEERS).map((peer) => ({ peers: [peer] })),
    fc.constantFrom(...REFUSED_PORTS).map((port) => ({ ports: [port] })),
    fc.constant({ policyTypes: ['Ingress', 'Sideways'] }),
    fc.constantFrom(...REFUSED_SELECTORS).map((podSelector) => ({ podSelector })),
  )
  return fc
    .tuple(
      clusters().filter(({ policies }) => policies.length > 0),
      flaw,
      fc.constantFrom('ingress', 'egress'),
    )
    .map(([cluster, some, direction]) => {
      const [first, ...others] = cluster.policies
      return first ? { ...cluster, policies: [withFlaw(first, some, direction), ...others] } : cluster
    })
}

interface Flaw {
  readonly peers?: readonly (RawPeer | null)[]
  readonly ports?: readonly RawPort[]
  readonly policyTypes?: readonly string[]
  readonly podSelector?: RawSelector
}

function withFlaw(
  policy: RawPolicy,
  { peers, ports, policyTypes, podSelector }: Flaw,
  direction: 'ingress' | 'egress',
): RawPolicy {
  if (podSelector) return { ...policy, spec: { ...policy.spec, podSelector } }
  if (policyTypes) return { ...policy, spec: { ...policy.spec, policyTypes } }
  const rule = { ...(peers && { [direction === 'ingress' ? 'from' : 'to']: peers }), ...(ports && { ports }) }
  return { ...policy, spec: { ...policy.spec, [direction]: [...(policy.spec?.[direction] ?? []), rule] } }
}
