import type { Refusal } from '../explain/site.ts'
import type { GraphPod } from '../graph/allow-graph.ts'
import {
  EVERY_PORT,
  isNoPort,
  NO_PORT,
  type PortSet,
  portSetKey,
  subtractPortSets,
  unionPortSets,
} from '../reach/port-set.ts'
import type { Behaviour } from '../reach/behaviours.ts'
import { furtherAddresses } from './addresses-of-nobody.ts'
import type { Finding } from './finding.ts'
import { groupPods, nameOf, pairOf, type PodGroup } from './group-pods.ts'
import { type Judged, meansNobody, spotOf, untoldPods } from './judge-expect.ts'
import { passing } from './passing.ts'
import type { AskedPorts } from './asked-ports.ts'
import type { AtMostAssertion } from './policy-test.ts'
import { resolveEnd } from './resolve-end.ts'
import { resolveTarget, type Target, type TargetGroup } from './resolve-target.ts'
import type { PossibleGrant, World } from './world.ts'

interface Listed {
  readonly target: Target
  readonly asked: AskedPorts | undefined
}

/** Nothing but these: pods of the input, pods that a rule means, and addresses of nobody. */
export function judgeAtMost(world: World, assertion: AtMostAssertion): Judged | Refusal {
  const from = resolveEnd(world, assertion.from)
  if (from.kind === 'problem') return from
  const listed: Listed[] = []
  const nobody = [...from.nobody]
  for (const { end, ports } of assertion.destinations) {
    const target = resolveTarget(world, end, ports, 'at most')
    if (target.kind === 'problem') return target
    listed.push({ target, asked: ports })
    for (const text of target.nobody) nobody.push(text)
  }
  if (nobody.length > 0) {
    return { kind: 'judged', findings: nobody.map((text) => ({ kind: 'nobody', text: meansNobody(text) })) }
  }
  if (from.set.pods.size + from.set.hosts.size === 0) {
    const problem = `${assertion.from.text} is no pod, and policy says nothing of where addresses connect to`
    return { kind: 'problem', problem, hint: 'atMost asks where pods may connect to' }
  }
  const untold = untoldPods(world, [from.set])
  if (untold.length > 0) return { kind: 'judged', findings: untold }
  const covered = groupsByBehaviour(listed)
  const outside = listed.flatMap(({ target }) => target.outside)
  const findings = groupPods(world, from.set.pods).flatMap((source): readonly Finding[] => {
    const [pod] = source.members
    if (pod === undefined) return []
    const addresses = furtherAddresses(world, source.members, 'egress', outside)
    return [
      ...furtherPods(world, source, covered),
      ...addresses.map(
        ({ spot, ports }): Finding => ({
          kind: 'connection',
          wanted: 'deny',
          from: spotOf(pod),
          to: spot,
          ports,
        }),
      ),
      ...(assertion.pods === 'possible' ? furtherPossible(world, pod, listed) : []),
    ]
  })
  const hosts = [...from.set.hosts].map((host): Finding => {
    const text = `${nameOf(host, false)} is on the network of its node: no policy governs where it connects to`
    return { kind: 'untold', text }
  })
  return { kind: 'judged', findings: [...findings, ...hosts] }
}

/** What is listed of the pods of each behaviour. */
function groupsByBehaviour(listed: readonly Listed[]): ReadonlyMap<Behaviour, readonly TargetGroup[]> {
  return Map.groupBy(
    listed.flatMap(({ target }) => target.groups),
    ({ behaviour }) => behaviour,
  )
}

/** What is listed of each of these pods that is listed at all. */
function coveredPorts(groups: readonly TargetGroup[]): ReadonlyMap<GraphPod, PortSet> {
  const covered = new Map<GraphPod, PortSet>()
  for (const { members, ports } of groups) {
    for (const pod of members) {
      const known = covered.get(pod)
      covered.set(pod, known === undefined ? ports : unionPortSets([known, ports]))
    }
  }
  return covered
}

function furtherPods(
  world: World,
  source: PodGroup,
  listed: ReadonlyMap<Behaviour, readonly TargetGroup[]>,
): readonly Finding[] {
  const [from] = source.members
  if (from === undefined) return []
  return world.reach.candidates(from).flatMap((behaviour): readonly Finding[] => {
    const covered = coveredPorts(listed.get(behaviour) ?? [])
    const members = behaviour.members.filter(
      (pod) => !pod.pod.hostNetwork && (!world.isAssumed(pod) || covered.has(pod)),
    )
    // Of pods that are alike, some may be listed, and some with other numbers behind one name.
    const parts =
      covered.size > 0 ? Map.groupBy(members, (pod) => portSetKey(covered.get(pod) ?? NO_PORT)).values() : [members]
    return [...parts].flatMap((part) => furtherPorts(world, source, { behaviour, members: part }, covered))
  })
}

function furtherPorts(
  world: World,
  source: PodGroup,
  target: PodGroup,
  covered: ReadonlyMap<GraphPod, PortSet>,
): readonly Finding[] {
  const pair = pairOf(source, target)
  if (pair === undefined) return []
  const [from, to] = pair
  for (const { sure } of passing(world, from, to)) {
    const ports = subtractPortSets(sure, covered.get(to) ?? NO_PORT)
    if (!isNoPort(ports)) return [{ kind: 'connection', wanted: 'deny', from: spotOf(from), to: spotOf(to), ports }]
  }
  return []
}

function furtherPossible(world: World, subject: GraphPod, listed: readonly Listed[]): readonly Finding[] {
  return world.possibleOf(subject.egress).flatMap((grant): readonly Finding[] => {
    for (const possible of grant.pods) {
      const covering = listed.filter(({ target }) => target.set.covers(possible))
      const rest = subtractPortSets(grant.ports, unionPortSets(covering.map((one) => portsOf(one, grant))))
      if (isNoPort(rest)) continue
      const { group } = grant
      return [{ kind: 'possible', subject, direction: 'egress', group, possible, ports: rest }]
    }
    return []
  })
}

/** What is listed of somebody who is not there: by number, and by the name that the grant is for. */
function portsOf({ target, asked }: Listed, { name, ports }: PossibleGrant): PortSet {
  const isNamed = asked?.names.some((one) => one.name === name?.name && one.protocol === name.protocol) === true
  if (isNamed) return ports
  const resolved = target.groups.map((group) => group.ports)
  if (asked !== undefined) return unionPortSets([asked.numbers, ...resolved])
  if (target.groups.length === 0) return EVERY_PORT
  return unionPortSets(resolved)
}
