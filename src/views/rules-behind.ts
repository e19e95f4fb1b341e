import { FAMILIES, type Family } from '../../compiler/addresses/address.ts'
import { blockRange, rangeOfFamily } from '../../compiler/addresses/block-range.ts'
import { parseBlock } from '../../compiler/addresses/parse-block.ts'
import { intersectRanges, rangesCover } from '../../compiler/addresses/ranges.ts'
import type { Cluster } from '../../compiler/cluster/create-cluster.ts'
import type { RuleReference } from '../../compiler/explain/explain-connection.ts'
import type { GraphPod } from '../../compiler/graph/allow-graph.ts'
import { peersAllow } from '../../compiler/graph/judge.ts'
import { peerOf } from '../../compiler/graph/peer-of.ts'
import type { Peers } from '../../compiler/graph/peers.ts'
import { type Direction, DIRECTIONS } from '../../compiler/objects/direction.ts'
import type { NamedPort } from '../../compiler/objects/objects.ts'
import { placeText } from '../../compiler/objects/place-text.ts'
import { podKey, podName } from '../../compiler/objects/pod-name.ts'
import type { Edge } from '../../compiler/reach/edge.ts'
import type { Stranger } from '../../compiler/reach/exposed-ports.ts'
import { ANYWHERE, whereHostIsSeen } from '../../compiler/reach/host-reach.ts'
import {
  intersectPortSets,
  isNoPort,
  type PortSet,
  portSetOfTexts,
  subtractPortSets,
  unionPortSets,
} from '../../compiler/reach/port-set.ts'
import type { EdgeEnds } from '../../compiler/reach/reach-graph.ts'
import { matchesSelector } from '../../compiler/selectors/matches-selector.ts'
import { isPortName } from './edge-lines.ts'
import { allRules, type KnownRule } from './page/all-rules.ts'
import { rulePorts } from './page/rule-ports.ts'

/** A rule as people cite it, or a policy as a whole. */
export interface Cited {
  /** Undefined: the policy as a whole. */
  readonly reference: RuleReference | undefined
  /** `shop/db ingress[0]`, or `shop/db` */
  readonly name: string
  /** `file:line`, or empty. */
  readonly place: string
}

/** Why the edges between two ends are as they are. */
export interface RulesBehind {
  /** The rules of both ends that let these edges pass. */
  granting(edges: readonly Edge[]): readonly Cited[]
  /** The policies of the ends that do not let these pass. */
  isolating(edges: readonly Edge[]): readonly Cited[]
}

/** One end of an edge. */
type End =
  | { readonly kind: 'pod'; readonly pod: GraphPod }
  | { readonly kind: 'stranger'; readonly stranger: Stranger }
  | { readonly kind: 'block'; readonly cidr: string }

/** Answers for the edges of one graph, each time for all edges from one end to another. */
export function createRulesBehind(cluster: Cluster, { nodes, possible }: EdgeEnds): RulesBehind {
  const { policies, rules } = allRules(cluster)
  const positions = new Map(policies.map((policy, index) => [policy, index]))
  const ofPods = new Map<string, number[]>()
  for (const { policy, pods } of cluster.selections) {
    for (const pod of pods) {
      const key = podKey(pod)
      ofPods.set(key, [...(ofPods.get(key) ?? []), positions.get(policy) ?? -1])
    }
  }
  const rulesOf = Map.groupBy(rules, ({ policy }) => policy)
  const ends = new Map<string, End>()
  for (const { id, members } of nodes) if (members[0] !== undefined) ends.set(id, { kind: 'pod', pod: members[0] })
  for (const stranger of possible) ends.set(stranger.peer.id, { kind: 'stranger', stranger })
  const endOf = (id: string): End => ends.get(id) ?? { kind: 'block', cidr: id }

  /** Positions of the policies that isolate an end in a direction, by name. */
  function isolatingOf(end: End, direction: Direction): readonly number[] {
    if (end.kind === 'block' || (end.kind === 'pod' && end.pod.pod.hostNetwork)) return []
    const all = end.kind === 'pod' ? (ofPods.get(podKey(end.pod.pod)) ?? []) : selecting(end.stranger)
    return all.filter((index) => policies[index]?.[direction] !== undefined).sort((left, right) => left - right)
  }

  function selecting({ pod: { pod } }: Stranger): number[] {
    return policies.flatMap(({ namespace, podSelector }, index) =>
      namespace === pod.namespace && matchesSelector(podSelector, pod.labels.labels) ? [index] : [],
    )
  }

  /** Is the other end among the peers, seen from its own end, in a family that both have? */
  function isAmong(peers: Peers, own: End, end: End, direction: Direction, family: Family): boolean {
    if (own.kind === 'pod' && !hasFamily(own.pod, family)) return false
    switch (end.kind) {
      case 'block': {
        const block = parseBlock(end.cidr)?.block
        if (block?.family !== family) return false
        return peers.kind === 'anyone' || intersectRanges(peers.ranges[family], [blockRange(block)]).length > 0
      }
      case 'stranger':
        return (
          peers.kind === 'anyone' ||
          peers.groups.some(({ key }) => end.stranger.groups.has(key)) ||
          rangesCover(peers.ranges[family], ANYWHERE[family])
        )
      case 'pod':
        return isPodAmong(peers, end.pod, direction, family)
    }
  }

  function isPodAmong(peers: Peers, pod: GraphPod, direction: Direction, family: Family): boolean {
    if (pod.pod.hostNetwork) {
      const ranges = peers.kind === 'anyone' ? [rangeOfFamily(family)] : peers.ranges[family]
      return rangesCover(ranges, whereHostIsSeen(pod, direction, family))
    }
    const peer = peerOf(pod, family)
    return peer !== undefined && peersAllow(cluster.graph, peers, peer)
  }

  /** The rules of one end that let something of this pass, and what they let pass. */
  function grantingOf(
    asked: Asked,
    direction: Direction,
    families: readonly Family[] = FAMILIES,
  ): readonly { readonly rule: KnownRule; ports: PortSet }[] {
    const [own, other] = direction === 'egress' ? [asked.from, asked.to] : [asked.to, asked.from]
    const destination = namedPorts(asked.to)
    return isolatingOf(own, direction)
      .flatMap((index) => rulesOf.get(index) ?? [])
      .filter((one) => one.direction === direction)
      .map((rule) => ({ rule, ports: rulePorts(rule.rule, destination) }))
      .filter(({ rule, ports }) =>
        families.some(
          (family) =>
            isAmong(rule.peers, own, other, direction, family) &&
            (!isNoPort(intersectPortSets(ports, asked.ports[family])) || namesPort(rule, asked.names)),
        ),
      )
  }

  return {
    granting(edges) {
      const asked = askedOf(edges, endOf)
      return DIRECTIONS.toReversed().flatMap((direction) =>
        grantingOf(asked, direction).map(({ rule }) => citeRule(rule, policies)),
      )
    },
    isolating(edges) {
      const asked = askedOf(edges, endOf)
      return DIRECTIONS.toReversed().flatMap((direction) => {
        // What one family is granted says nothing of the other.
        const lets = (family: Family) => {
          const granted = unionPortSets(grantingOf(asked, direction, [family]).map(({ ports }) => ports))
          return isNoPort(subtractPortSets(asked.ports[family], granted))
        }
        const families = FAMILIES.filter((family) => [asked.from, asked.to].every((end) => isOf(end, family)))
        if (families.every(lets)) return []
        const own = isolatingOf(direction === 'egress' ? asked.from : asked.to, direction)
        return own.flatMap((index): readonly Cited[] => {
          const policy = policies[index]
          return policy === undefined
            ? []
            : [{ reference: undefined, name: `${podName(policy)} (${direction})`, place: placeText(policy.place) }]
        })
      })
    },
  }
}

interface Asked {
  readonly from: End
  readonly to: End
  readonly ports: Readonly<Record<Family, PortSet>>
  readonly names: readonly string[]
}

function askedOf(edges: readonly Edge[], endOf: (id: string) => End): Asked {
  const [{ from, to } = { from: '', to: '' }] = edges
  const inFamily = (family: Family): PortSet =>
    portSetOfTexts(edges.filter((edge) => !isPortName(edge.ports) && (edge.family ?? family) === family))
  return {
    from: endOf(from),
    to: endOf(to),
    ports: { IPv4: inFamily('IPv4'), IPv6: inFamily('IPv6') },
    names: edges.flatMap(({ protocol, ports }) => (isPortName(ports) ? [`${protocol} ${ports}`] : [])),
  }
}

function isOf(end: End, family: Family): boolean {
  switch (end.kind) {
    case 'pod':
      return hasFamily(end.pod, family)
    case 'block':
      return parseBlock(end.cidr)?.block.family === family
    case 'stranger':
      return true
  }
}

function hasFamily(pod: GraphPod, family: Family): boolean {
  return pod.pod.hostNetwork || peerOf(pod, family) !== undefined
}

function namedPorts(end: End): readonly NamedPort[] {
  return end.kind === 'pod' ? end.pod.pod.ports : []
}

function namesPort({ rule: { ports } }: KnownRule, names: readonly string[]): boolean {
  return (
    ports !== 'any' && ports.some((port) => port.kind === 'name' && names.includes(`${port.protocol} ${port.name}`))
  )
}

function citeRule({ policy, direction, rule }: KnownRule, policies: ReturnType<typeof allRules>['policies']): Cited {
  const of = policies[policy]
  const place = rule.place ?? of?.place
  const reference = { policy: of === undefined ? '' : podName(of), rule: `${direction}[${rule.index}]`, place }
  return { reference, name: `${reference.policy} ${reference.rule}`, place: placeText(place) }
}
