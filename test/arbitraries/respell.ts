import type { RawCluster, RawLabels, RawPeer, RawPolicy, RawPort, RawRule, RawSelector } from '../oracle/raw-cluster.ts'
import { type Choices, choicesFrom } from './seeded.ts'

/**
 * The same cluster in other words, chosen by the seed: order and repetition of objects, rules, peers, ports, values and labels;
 * defaults written out or left out; rules and policies split; grants inside wider ones; matchLabels as In and back. The
 * compiler owes it the same bytes. The names of policies that a split makes end in `-half`.
 */
export function respell(cluster: RawCluster, seed: number): RawCluster {
  const choices = choicesFrom(seed)
  return {
    pods: choices.shuffle(cluster.pods).map((pod) => ({
      ...pod,
      metadata: { ...pod.metadata, labels: respellLabels(pod.metadata.labels ?? {}, choices) },
    })),
    namespaces: choices.shuffle(cluster.namespaces).map(({ metadata, ...rest }) => ({
      ...rest,
      metadata: { ...metadata, labels: respellLabels(metadata.labels ?? {}, choices) },
    })),
    policies: choices.shuffle(cluster.policies.flatMap((policy) => respellPolicy(policy, choices))),
  }
}

function respellPolicy(policy: RawPolicy, choices: Choices): readonly RawPolicy[] {
  const spec = policy.spec ?? {}
  const ingress = respellRules(spec.ingress ?? [], choices)
  const egress = respellRules(spec.egress ?? [], choices)
  const written = spec.policyTypes ?? []
  const defaults = egress.length > 0 ? ['Ingress', 'Egress'] : ['Ingress']
  const policyTypes = choices.shuffle(written.length > 0 ? written : defaults)
  const whole = { podSelector: respellSelector(spec.podSelector ?? {}, choices), policyTypes }
  if (choices.once(2)) {
    const isDefault = policyTypes.toSorted().join() === defaults.toSorted().join()
    const types =
      isDefault && choices.once(2) ? { policyTypes: choices.pick<null | readonly string[]>([null, []]) } : {}
    return [{ ...policy, spec: { ...whole, ingress, egress, ...types } }]
  }
  const half = Math.floor(ingress.length / 2)
  const { name } = policy.metadata
  return [
    { ...policy, spec: { ...whole, ingress: ingress.slice(0, half), egress } },
    {
      ...policy,
      metadata: { ...policy.metadata, name: `${name}-half` },
      spec: { ...whole, podSelector: respellSelector(spec.podSelector ?? {}, choices), ingress: ingress.slice(half) },
    },
  ]
}

function respellRules(rules: readonly (RawRule | null | undefined)[], choices: Choices): readonly RawRule[] {
  return choices.repeat(rules).flatMap((item): readonly RawRule[] => {
    const rule = item ?? {}
    const ports = choices.repeat(rule.ports ?? []).map((port) => respellPort(port ?? {}, choices))
    const peers = choices.repeat(rule.from ?? rule.to ?? []).map((peer) => respellPeer(peer ?? {}, choices))
    const side = rule.to ? 'to' : 'from'
    const withPeers = (some: readonly RawPeer[]) => (some.length === 0 ? {} : { [side]: some })
    if (choices.once(3) && peers.length > 1) {
      return peers.map((peer) => ({ ...withPeers([peer]), ports }))
    }
    if (choices.once(3) && ports.length > 1) {
      return ports.map((port) => ({ ...withPeers(peers), ports: [port] }))
    }
    const narrower = { ...withPeers(peers.slice(0, 1)), ports: [ports[0] ?? { port: 80 }] }
    return choices.once(3) ? [narrower, { ...withPeers(peers), ports }] : [{ ...withPeers(peers), ports }]
  })
}

function respellPort({ protocol, port, endPort }: RawPort, choices: Choices): RawPort {
  const isTcp = (protocol ?? 'TCP') === 'TCP'
  const last = endPort ?? (typeof port === 'number' && choices.once(2) ? port : null)
  return {
    ...(isTcp ? choices.pick<RawPort>([{}, { protocol: 'TCP' }, { protocol: null }]) : { protocol: protocol ?? null }),
    ...(port === undefined || port === null ? choices.pick<RawPort>([{}, { port: null }]) : { port }),
    ...(last === null ? choices.pick<RawPort>([{}, { endPort: null }]) : { endPort: last }),
  }
}

function respellPeer(peer: RawPeer, choices: Choices): RawPeer {
  if (peer.ipBlock) {
    return { ipBlock: { cidr: peer.ipBlock.cidr, except: choices.repeat(peer.ipBlock.except ?? []) } }
  }
  const { podSelector, namespaceSelector } = peer
  return {
    ...(namespaceSelector && { namespaceSelector: respellSelector(namespaceSelector, choices) }),
    ...(podSelector && { podSelector: respellSelector(podSelector, choices) }),
    // Without podSelector the peer is every pod of its namespaces.
    ...(namespaceSelector && !podSelector && choices.pick<RawPeer>([{}, { podSelector: null }, { podSelector: {} }])),
  }
}

function respellSelector(selector: RawSelector, choices: Choices): RawSelector {
  const labels = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => ({
    key,
    operator: 'In',
    values: [value],
  }))
  const requirements = choices.repeat([...labels, ...(selector.matchExpressions ?? [])])
  const asLabel = (index: number): boolean => {
    const { key, operator, values } = requirements[index] ?? { key: '', operator: '' }
    const first = requirements.findIndex(
      (other) => other.key === key && other.operator === 'In' && other.values?.length === 1,
    )
    return operator === 'In' && values?.length === 1 && first === index && choices.once(2)
  }
  const [matchLabels, matchExpressions]: [Record<string, string>, object[]] = [{}, []]
  for (const [index, requirement] of requirements.entries()) {
    if (asLabel(index)) matchLabels[requirement.key] = requirement.values?.[0] ?? ''
    else
      matchExpressions.push({
        ...requirement,
        ...(requirement.values && { values: choices.repeat(requirement.values) }),
      })
  }
  return { matchLabels, matchExpressions: matchExpressions as RawSelector['matchExpressions'] }
}

function respellLabels(labels: RawLabels, choices: Choices): RawLabels {
  return Object.fromEntries(choices.shuffle(Object.entries(labels)))
}
