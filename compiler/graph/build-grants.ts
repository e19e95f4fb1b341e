import type { Direction } from '../objects/direction.ts'
import type { NamedPort, Policy, PolicyRule, RulePort } from '../objects/objects.ts'
import { PROTOCOLS, type Protocol } from '../objects/protocol.ts'
import { createGrants, type Grant, type Grants, NOTHING } from './grants.ts'
import { createGrantsBudget, type GrantsBudget, takeGrants } from './grants-budget.ts'
import { createPeerSets, type PeerSets } from './peer-sets.ts'
import { createWithout, NOBODY, type Peers, peersSize, unionPeers, withoutPeers } from './peers.ts'
import { rulePeers } from './rule-peers.ts'
import { type PortPiece, sweepPorts } from './sweep-ports.ts'

/** A rule and the namespace of its policy, which a podSelector without namespaceSelector means. */
export interface NamespacedRule {
  readonly rule: PolicyRule
  readonly namespace: string
}

/** The normal form, or why there is none; then the direction is closed. */
export type BuiltGrants =
  | { readonly kind: 'grants'; readonly grants: Grants }
  | { readonly kind: 'too complex'; readonly grants: Grants }

/** All rules that the policies hold for a direction; closed directions isolate and grant nothing. */
export function rulesOf(policies: Iterable<Policy>, direction: Direction): readonly NamespacedRule[] {
  const rules: NamespacedRule[] = []
  for (const policy of policies) {
    const side = policy[direction]
    if (side?.kind !== 'rules') continue
    for (const rule of side.rules) rules.push({ rule, namespace: policy.namespace })
  }
  return rules
}

/**
 * Adds rules up to grants in normal form. For ingress, `ownPorts` are the named ports of the pod itself, on which
 * names are resolved; for egress names stay names, since each destination pod has its own number.
 */
export function buildGrants(
  rules: readonly NamespacedRule[],
  direction: Direction,
  ownPorts: readonly NamedPort[],
): BuiltGrants {
  const any: Peers[] = []
  const protocols: Record<Protocol, Peers[]> = { TCP: [], UDP: [], SCTP: [] }
  const pieces: Record<Protocol, PortPiece[]> = { TCP: [], UDP: [], SCTP: [] }
  const names = new Map<string, { readonly protocol: Protocol; readonly name: string; readonly peers: Peers[] }>()

  function add(port: RulePort, peers: Peers): void {
    switch (port.kind) {
      case 'all':
        protocols[port.protocol].push(peers)
        return
      case 'range':
        pieces[port.protocol].push({ from: port.from, to: port.to, peers })
        return
      case 'name': {
        if (direction === 'ingress') {
          // Name and protocol must both match; a name that the pod does not own allows nothing.
          const own = ownPorts.find(({ name, protocol }) => name === port.name && protocol === port.protocol)
          if (own) pieces[own.protocol].push({ from: own.number, to: own.number, peers })
          return
        }
        const key = `${port.protocol} ${port.name}`
        const known = names.get(key)
        if (known) known.peers.push(peers)
        else names.set(key, { protocol: port.protocol, name: port.name, peers: [peers] })
      }
    }
  }

  for (const { rule, namespace } of rules) {
    const peers = rulePeers(rule, namespace)
    if (peersSize(peers) === 0) continue
    if (rule.ports === 'any') any.push(peers)
    else for (const port of rule.ports) add(port, peers)
  }

  const budget = createGrantsBudget()
  const sets = createPeerSets(budget)
  const list: Grant[] = []
  const anyPeers = unionPeers(any)
  if (peersSize(anyPeers) > 0) list.push({ ports: { kind: 'any' }, peers: anyPeers })
  const absorb = (wider: Peers) => absorbInto(wider, sets, budget)
  const absorbers = { TCP: absorb(NOBODY), UDP: absorb(NOBODY), SCTP: absorb(NOBODY) }
  for (const protocol of PROTOCOLS) {
    const peers = withoutPeers(unionPeers(protocols[protocol]), anyPeers)
    if (peersSize(peers) > 0) list.push({ ports: { kind: 'protocol', protocol }, peers })
    const wider = unionPeers([anyPeers, peers])
    absorbers[protocol] = absorb(wider)
  }
  for (const protocol of PROTOCOLS) {
    const rest = absorbers[protocol]
    const narrower = pieces[protocol].map(({ from, to, peers }) => ({ from, to, peers: rest(peers) }))
    for (const grant of sweepPorts(protocol, narrower, sets, budget)) list.push(grant)
  }
  for (const [, { protocol, name, peers }] of [...names].sort(([left], [right]) => (left < right ? -1 : 1))) {
    const left = sets.union(new Set(peers.map(absorbers[protocol])))
    if (budget.exhausted()) break
    if (peersSize(left) > 0) list.push({ ports: { kind: 'name', protocol, name }, peers: left })
  }
  takeGrants(list, budget)
  return budget.exhausted() ? { kind: 'too complex', grants: NOTHING } : { kind: 'grants', grants: createGrants(list) }
}

/** Takes from peers, once for each set of them, those that a wider grant has already. */
function absorbInto(wider: Peers, sets: PeerSets, budget: GrantsBudget): (peers: Peers) => Peers {
  const without = createWithout(wider)
  const widerRanges = wider.kind === 'anyone' ? 0 : wider.ranges.IPv4.length + wider.ranges.IPv6.length
  const known = new Map<Peers, Peers>()
  return (peers) => {
    let rest = known.get(peers)
    if (rest === undefined) {
      const hasRanges = peers.kind === 'some' && peers.ranges.IPv4.length + peers.ranges.IPv6.length > 0
      budget.takeSteps(peersSize(peers) + (hasRanges ? widerRanges : 0))
      known.set(peers, (rest = budget.exhausted() ? NOBODY : sets.one(without(peers))))
    }
    return rest
  }
}
