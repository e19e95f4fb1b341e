import type { NamedPort, Policy, PolicyRule, RulePort } from '../objects/objects.ts'
import { PROTOCOLS, type Protocol } from '../objects/protocol.ts'
import { createGrants, type Grant, type Grants, NOTHING } from './grants.ts'
import { NOBODY, type Peers, peersSize, unionPeers, withoutPeers } from './peers.ts'
import { rulePeers } from './rule-peers.ts'
import { type PortPiece, sweepPorts } from './sweep-ports.ts'

export type Direction = 'ingress' | 'egress'

export const DIRECTIONS: readonly Direction[] = ['ingress', 'egress']

/** A rule and the namespace of its policy, which a podSelector without namespaceSelector means. */
export interface NamespacedRule {
  readonly rule: PolicyRule
  readonly namespace: string
}

/** More peers times ports than this in one direction of one pod, and it is closed: see sweepPorts. */
export const GRANT_TERMS_BUDGET = 500_000

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

  const list: Grant[] = []
  const anyPeers = unionPeers(any)
  if (peersSize(anyPeers) > 0) list.push({ ports: { kind: 'any' }, peers: anyPeers })
  const wider: Record<Protocol, Peers> = { TCP: NOBODY, UDP: NOBODY, SCTP: NOBODY }
  for (const protocol of PROTOCOLS) {
    const peers = withoutPeers(unionPeers(protocols[protocol]), anyPeers)
    if (peersSize(peers) > 0) list.push({ ports: { kind: 'protocol', protocol }, peers })
    wider[protocol] = unionPeers([anyPeers, peers])
  }
  for (const protocol of PROTOCOLS) {
    const grants = sweepPorts(protocol, pieces[protocol], wider[protocol], GRANT_TERMS_BUDGET)
    if (grants === undefined) return { kind: 'too complex', grants: NOTHING }
    list.push(...grants)
  }
  for (const key of [...names.keys()].sort()) {
    const named = names.get(key)
    if (named === undefined) continue
    const peers = withoutPeers(unionPeers(named.peers), wider[named.protocol])
    if (peersSize(peers) === 0) continue
    list.push({ ports: { kind: 'name', protocol: named.protocol, name: named.name }, peers })
  }
  return { kind: 'grants', grants: createGrants(list) }
}
