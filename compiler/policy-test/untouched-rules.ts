import { FAMILIES } from '../addresses/address.ts'
import { intersectRanges } from '../addresses/ranges.ts'
import type { Cluster } from '../cluster/create-cluster.ts'
import type { RuleReference } from '../explain/explain-connection.ts'
import { peersAllow } from '../graph/judge.ts'
import { peerOf } from '../graph/peer-of.ts'
import type { Peers } from '../graph/peers.ts'
import { rulePeers } from '../graph/rule-peers.ts'
import { DIRECTIONS, type Direction } from '../objects/direction.ts'
import type { NamedPort, PolicyRule } from '../objects/objects.ts'
import { podKey, podName } from '../objects/pod-name.ts'
import {
  EVERY_PORT,
  intersectPortSets,
  isNoPort,
  ofProtocol,
  type PortSet,
  portSetOfGrant,
  unionPortSets,
} from '../reach/port-set.ts'
import { type EndSet, everyAddress, everyPod, unionEnds } from './end-set.ts'
import { groupPods } from './group-pods.ts'
import type { Assertion } from './policy-test.ts'
import { possiblePods } from './possible-pods.ts'
import { resolveEnd } from './resolve-end.ts'
import { resolveTarget, type Target } from './resolve-target.ts'
import type { TestResult } from './run-assertions.ts'
import { createWorld, type World } from './world.ts'

/** One direction of some pods that an assertion speaks of, with the other ends and the ports. */
interface Question {
  readonly direction: Direction
  readonly subjects: ReadonlySet<string>
  readonly others: EndSet
  readonly ports: PortSet
}

/** Rules of which no test asks anything: without one of them, every test would say what it says now. By policy, then position. */
export function untouchedRules(cluster: Cluster, results: readonly TestResult[]): readonly RuleReference[] {
  const world = createWorld(cluster, 'default', true)
  const questions = results.flatMap(({ assertion }) => questionsOf(world, assertion))
  const untouched = cluster.selections.flatMap(({ policy, pods }) => {
    const keys = pods.map(podKey)
    const names = pods.flatMap(({ ports }) => ports)
    return DIRECTIONS.flatMap((direction) => {
      const side = policy[direction]
      const asked = questions.filter((one) => one.direction === direction && keys.some((key) => one.subjects.has(key)))
      return (side?.kind === 'rules' ? side.rules : [])
        .filter((rule) => !asked.some((one) => touches(world, rule, policy.namespace, names, one)))
        .map(
          (rule): RuleReference => ({
            policy: podName(policy),
            rule: `${direction}[${rule.index}]`,
            place: rule.place ?? policy.place,
          }),
        )
    })
  })
  const key = ({ policy, rule }: RuleReference): string => `${policy} ${rule}`
  return untouched.toSorted((left, right) => (key(left) < key(right) ? -1 : 1))
}

function questionsOf(world: World, assertion: Assertion): readonly Question[] {
  switch (assertion.kind) {
    case 'expect': {
      const from = setOf(world, assertion.from)
      const to = resolveTarget(
        world,
        assertion.to,
        assertion.ports,
        assertion.expect === 'allow' ? 'allow' : 'everything',
      )
      return to.kind === 'problem' ? [] : bothWays(from, to.set, portsOf(to))
    }
    case 'only': {
      const to = resolveTarget(world, assertion.to, assertion.ports, 'everything')
      if (to.kind === 'problem') return []
      const everybody = unionEnds([everyPod(world), everyAddress()])
      const clients = unionEnds(assertion.clients.map((end) => setOf(world, end)))
      return [ofSubjects('ingress', to.set, everybody, portsOf(to)), ...bothWays(clients, to.set, portsOf(to))]
    }
    case 'at most': {
      const from = setOf(world, assertion.from)
      const everybody = unionEnds([everyPod(world), everyAddress()])
      const listed = assertion.destinations.flatMap(({ end, ports }) => {
        const target = resolveTarget(world, end, ports, 'at most')
        return target.kind === 'problem' ? [] : bothWays(from, target.set, portsOf(target))
      })
      return [ofSubjects('egress', from, everybody, EVERY_PORT), ...listed]
    }
  }
}

function bothWays(from: EndSet, to: EndSet, ports: PortSet): readonly Question[] {
  return [ofSubjects('egress', from, to, ports), ofSubjects('ingress', to, from, ports)]
}

function ofSubjects(direction: Direction, subjects: EndSet, others: EndSet, ports: PortSet): Question {
  return { direction, subjects: new Set([...subjects.pods].map(({ pod }) => podKey(pod))), others, ports }
}

function setOf(world: World, end: Parameters<typeof resolveEnd>[1]): EndSet {
  const resolved = resolveEnd(world, end)
  return resolved.kind === 'problem' ? unionEnds([]) : resolved.set
}

function portsOf({ groups, outside }: Target): PortSet {
  return unionPortSets([...groups, ...outside].map(({ ports }) => ports))
}

function touches(
  world: World,
  rule: PolicyRule,
  namespace: string,
  names: readonly NamedPort[],
  { others, ports, direction }: Question,
): boolean {
  const own = direction === 'ingress' ? names : [...others.pods].flatMap(({ pod }) => pod.ports)
  return !isNoPort(intersectPortSets(portsOfRule(rule, own), ports)) && meets(world, rulePeers(rule, namespace), others)
}

function portsOfRule({ ports }: PolicyRule, names: readonly NamedPort[]): PortSet {
  if (ports === 'any') return EVERY_PORT
  return unionPortSets(
    ports.map((port) => {
      if (port.kind === 'all') return ofProtocol(port.protocol, [{ from: 0, to: 65535 }])
      return portSetOfGrant(port, names)
    }),
  )
}

/** Is somebody of these among the peers? */
function meets(world: World, peers: Peers, others: EndSet): boolean {
  if (peers.kind === 'anyone') return true
  if (FAMILIES.some((family) => intersectRanges(peers.ranges[family], others.outside[family]).length > 0)) return true
  const { graph } = world.cluster
  const isPeer = groupPods(world, others.pods).some(({ members: [pod] }) =>
    FAMILIES.some((family) => {
      const peer = pod && peerOf(pod, family)
      return peer !== undefined && peersAllow(graph, peers, peer)
    }),
  )
  return isPeer || peers.groups.some((group) => possiblePods(group, world.namespaces).some(others.covers))
}
