import type { Direction } from '../objects/direction.ts'
import type { NamedPort, Policy, PolicyRule, RulePort } from '../objects/objects.ts'
import { PROTOCOLS, type Protocol } from '../objects/protocol.ts'
import { createGrants, type Grant, type Grants, NOTHING } from './grants.ts'
import { createGrantsBudget, type GrantsBudget, type Spent, takeGrants, termsPerPort } from './grants-budget.ts'
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
  const parts = buildParts(rules, direction, ownPorts)
  return parts === undefined
    ? { kind: 'too complex', grants: NOTHING }
    : { kind: 'grants', grants: createGrants(listOf(parts)) }
}

/** The normal form in parts, with what is needed to change it a little. */
export interface GrantParts {
  /** For any protocol, and for whole ones. */
  readonly whole: readonly Grant[]
  readonly ranges: Readonly<Record<Protocol, readonly Grant[]>>
  readonly names: readonly Grant[]
  /** What the whole grants are the unions of. */
  readonly wide: Readonly<Record<WideKind, readonly WideRule[]>>
  /** What the ranges were swept from: the peers of each rule, less the wider ones. */
  readonly pieces: Readonly<Record<Protocol, readonly RulePiece[]>>
  /** The peers of rules that give names, wider ones included. */
  readonly named: readonly Peers[]
  /** Who may use the whole protocol, or any. */
  readonly wider: Readonly<Record<Protocol, Peers>>
  /** What it took of the budget, at least. */
  readonly spent: Spent
}

export interface RulePiece extends PortPiece {
  readonly rule: PolicyRule
  /** The peers of the rule, wider ones included. */
  readonly all: Peers
}

/** Any protocol, or the whole of one. */
export type WideKind = 'any' | Protocol

export const WIDE_KINDS: readonly WideKind[] = ['any', ...PROTOCOLS]

export interface WideRule {
  readonly rule: PolicyRule
  readonly peers: Peers
}

/** What rules grant without ports, or of ports without a number. */
export function wideRules(rules: readonly NamespacedRule[]): Readonly<Record<WideKind, readonly WideRule[]>> {
  const wide: Record<WideKind, WideRule[]> = { any: [], TCP: [], UDP: [], SCTP: [] }
  for (const { rule, namespace } of rules) {
    const peers = rulePeers(rule, namespace)
    if (peersSize(peers) === 0) continue
    if (rule.ports === 'any') wide.any.push({ rule, peers })
    else for (const port of rule.ports) if (port.kind === 'all') wide[port.protocol].push({ rule, peers })
  }
  return wide
}

/** The grants in their order. */
export function listOf({ whole, ranges, names }: Pick<GrantParts, 'whole' | 'ranges' | 'names'>): readonly Grant[] {
  return [whole, ...PROTOCOLS.map((protocol) => ranges[protocol]), names].flat()
}

/** The same in parts; undefined: too complex. */
export function buildParts(
  rules: readonly NamespacedRule[],
  direction: Direction,
  ownPorts: readonly NamedPort[],
): GrantParts | undefined {
  const wide = wideRules(rules)
  const pieces: Record<Protocol, RulePiece[]> = { TCP: [], UDP: [], SCTP: [] }
  const named = new Map<string, { readonly protocol: Protocol; readonly name: string; readonly peers: Peers[] }>()
  for (const { rule, namespace } of rules) {
    const peers = rulePeers(rule, namespace)
    if (rule.ports === 'any' || peersSize(peers) === 0) continue
    for (const port of rule.ports) {
      if (port.kind === 'all') continue
      if (port.kind === 'range' || direction === 'ingress') {
        const range = rangeOf(port, ownPorts)
        if (range !== undefined) pieces[port.protocol].push({ ...range, peers, rule, all: peers })
      } else {
        const key = `${port.protocol} ${port.name}`
        const known = named.get(key)
        if (known) known.peers.push(peers)
        else named.set(key, { protocol: port.protocol, name: port.name, peers: [peers] })
      }
    }
  }

  const budget = createGrantsBudget()
  const sets = createPeerSets(budget)
  const whole: Grant[] = []
  const union = (kind: WideKind): Peers => unionPeers(wide[kind].map(({ peers }) => peers))
  const anyPeers = union('any')
  if (peersSize(anyPeers) > 0) whole.push({ ports: { kind: 'any' }, peers: anyPeers })
  const wider: Record<Protocol, Peers> = { TCP: NOBODY, UDP: NOBODY, SCTP: NOBODY }
  const absorb = (peers: Peers) => absorbInto(peers, sets, budget)
  const absorbers = { TCP: absorb(NOBODY), UDP: absorb(NOBODY), SCTP: absorb(NOBODY) }
  for (const protocol of PROTOCOLS) {
    const peers = withoutPeers(union(protocol), anyPeers)
    if (peersSize(peers) > 0) whole.push({ ports: { kind: 'protocol', protocol }, peers })
    wider[protocol] = unionPeers([anyPeers, peers])
    absorbers[protocol] = absorb(wider[protocol])
  }
  const narrower: Record<Protocol, readonly RulePiece[]> = { TCP: [], UDP: [], SCTP: [] }
  const ranges: Record<Protocol, readonly Grant[]> = { TCP: [], UDP: [], SCTP: [] }
  for (const protocol of PROTOCOLS) {
    const rest = absorbers[protocol]
    narrower[protocol] = pieces[protocol].map((piece) => ({ ...piece, peers: rest(piece.all) }))
    ranges[protocol] = sweepPorts(protocol, narrower[protocol], sets, budget)
  }
  const names: Grant[] = []
  for (const [, { protocol, name, peers }] of [...named].sort(([left], [right]) => (left < right ? -1 : 1))) {
    const left = sets.union(new Set(peers.map(absorbers[protocol])))
    if (budget.exhausted()) break
    if (peersSize(left) > 0) names.push({ ports: { kind: 'name', protocol, name }, peers: left })
  }
  takeGrants(listOf({ whole, ranges, names }), budget)
  if (budget.exhausted()) return undefined
  const { terms, steps } = budget.spent()
  const most = PROTOCOLS.reduce((sum, protocol) => sum + termsPerPort(ranges[protocol]), terms)
  return {
    whole,
    ranges,
    names,
    wide,
    pieces: narrower,
    named: [...named.values()].flatMap(({ peers }) => peers),
    wider,
    spent: { terms: most, steps },
  }
}

/** The ports of a rule in ingress. Name and protocol must both match; a name that the pod does not own allows nothing. */
export function rangeOf(
  port: Exclude<RulePort, { kind: 'all' }>,
  ownPorts: readonly NamedPort[],
): { readonly from: number; readonly to: number } | undefined {
  if (port.kind === 'range') return { from: port.from, to: port.to }
  const own = ownPorts.find(({ name, protocol }) => name === port.name && protocol === port.protocol)
  return own && { from: own.number, to: own.number }
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
