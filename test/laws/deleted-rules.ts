import type { Connection } from '../oracle/connection.ts'
import { addressesOf, namespaceOf } from '../oracle/owner-of.ts'
import { oracle } from '../oracle/oracle.ts'
import type { RawCluster, RawLabels, RawPeer, RawPod, RawRule, RawSelector } from '../oracle/raw-cluster.ts'
import { interestingServices } from '../arbitraries/interesting-services.ts'
import { matchesSelector } from '../oracle/match-selector.ts'
import { namespaceLabels } from '../oracle/namespace-labels.ts'
import { type Stranger, withStranger } from './stranger-pods.ts'

/** A cluster less one rule of one of its policies, which goes on isolating as before. */
export interface DeletedRule {
  readonly less: RawCluster
  /** The cluster with other peers in the rule. */
  withPeers(peers: readonly RawPeer[]): RawCluster
  readonly direction: 'ingress' | 'egress'
  readonly rule: RawRule
  /** Of the policy. */
  readonly namespace: string
}

export function deletedRules(raw: RawCluster): readonly DeletedRule[] {
  return raw.policies.flatMap((policy) =>
    (['ingress', 'egress'] as const).flatMap((direction) =>
      (policy.spec?.[direction] ?? []).flatMap((rule, index): readonly DeletedRule[] => {
        if (!policy.spec || !rule) return []
        // Without its last egress rule a policy that says no types would not isolate for egress any more.
        const types = ['Ingress', ...((policy.spec.egress ?? []).length > 0 ? ['Egress'] : [])]
        const policyTypes = policy.spec.policyTypes ?? types
        const rules = policy.spec[direction] ?? []
        const withRules = (changed: typeof rules): RawCluster => {
          const spec = { ...policy.spec, policyTypes, [direction]: changed }
          return { ...raw, policies: raw.policies.map((one) => (one === policy ? { ...policy, spec } : one)) }
        }
        const key = direction === 'ingress' ? 'from' : 'to'
        return [
          {
            less: withRules(rules.filter((_, at) => at !== index)),
            withPeers: (peers) => withRules(rules.map((one, at) => (at === index ? { ...rule, [key]: peers } : one))),
            direction,
            rule,
            namespace: namespaceOf(policy),
          },
        ]
      }),
    ),
  )
}

/** Addresses that no rule of the arbitraries speaks of. */
const NOWHERE = ['100.64.99.9', 'fd64:99::9'] as const

/**
 * What a pod like which the input has none loses with the rule: one with just the labels that a peer of the rule asks for, in a
 * namespace that just has those that it asks for, or in the policy's.
 */
export function lostToStrangers(
  raw: RawCluster,
  { less, withPeers, direction, rule, namespace }: DeletedRule,
): readonly Connection[] {
  const peers = (direction === 'ingress' ? rule.from : rule.to) ?? []
  const others = peers.flatMap((peer) => (!peer || peer.ipBlock || meansSomebody(raw, peer, namespace) ? [] : [peer]))
  if (others.length === 0) return []
  return others.flatMap((peer) => {
    const rest = peers.flatMap((one) => (!one || one === peer ? [] : [one]))
    // Whom another peer of the rule lets in as well, that one speaks for. Without peers a rule would be for everybody.
    const spoken = rest.length === 0 ? less : withPeers(rest)
    return lostToOne({ before: withPeers([peer]), less, spoken }, direction, peer, namespace)
  })
}

/** A pod of the input: it speaks for itself, or it is kept from connecting by its own policies, and then no line tells. */
function meansSomebody(raw: RawCluster, { podSelector, namespaceSelector }: RawPeer, own: string): boolean {
  return raw.pods.some((pod) => {
    const place = namespaceOf(pod)
    const isThere = namespaceSelector
      ? matchesSelector(namespaceSelector, namespaceLabels(place, raw.namespaces))
      : place === own
    return isThere && (!podSelector || matchesSelector(podSelector, pod.metadata.labels ?? {}))
  })
}

function lostToOne(
  { before: raw, less, spoken }: Readonly<Record<'before' | 'less' | 'spoken', RawCluster>>,
  direction: 'ingress' | 'egress',
  { podSelector, namespaceSelector }: RawPeer,
  own: string,
): readonly Connection[] {
  const placeLabels = namespaceSelector ? labelsFor(namespaceSelector) : {}
  const named = placeLabels['kubernetes.io/metadata.name']
  const namespace = namespaceSelector ? (named ?? 'elsewhere') : own
  const stranger: Stranger = {
    id: 'stranger',
    namespace,
    namespaceLabels: new Map(Object.entries({ ...placeLabels, 'kubernetes.io/metadata.name': namespace })),
    labels: new Map(Object.entries(podSelector ? labelsFor(podSelector) : {})),
  }
  return NOWHERE.flatMap((address) => {
    const [before, after, otherwise] = [raw, less, spoken].map((cluster) =>
      oracle(withStranger(cluster, stranger, address)),
    )
    return governed(raw.pods)
      .filter((other) => other.includes(':') === address.includes(':'))
      .flatMap((other) =>
        interestingServices(raw).map((service): Connection => {
          const [source, destination] = direction === 'ingress' ? [address, other] : [other, address]
          return { source, destination, ...service }
        }),
      )
      .filter(
        (connection) =>
          before?.(connection).allowed === true &&
          after?.(connection).allowed === false &&
          otherwise?.(connection).allowed === false,
      )
  })
}

function governed(pods: readonly RawPod[]): readonly string[] {
  return pods.filter(({ spec }) => spec?.hostNetwork !== true).flatMap(addressesOf)
}

/** The fewest labels that a selector may be content with; it is the oracle that says whether it is. */
function labelsFor({ matchLabels, matchExpressions }: RawSelector): RawLabels {
  const listed = (matchExpressions ?? []).flatMap(({ key, operator, values }) =>
    operator === 'In' || operator === 'Exists' ? [[key, values?.[0] ?? 'some-value'] as const] : [],
  )
  return { ...Object.fromEntries(listed), ...matchLabels }
}
