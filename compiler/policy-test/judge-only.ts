import { FAMILIES } from '../addresses/address.ts'
import type { Refusal } from '../explain/site.ts'
import type { GraphPod } from '../graph/allow-graph.ts'
import { EVERY_PORT, intersectPortSets, isNoPort, type PortSet, subtractPortSets } from '../reach/port-set.ts'
import { absentPods, grantedTo } from './absent-pods.ts'
import {
  type AddressPorts,
  allowedAddresses,
  deniedAddresses,
  furtherAddresses,
  unreachedAddresses,
} from './addresses-of-nobody.ts'
import { type EndSet, unionEnds } from './end-set.ts'
import type { Finding } from './finding.ts'
import { groupPods, nameOf, pairOf } from './group-pods.ts'
import { hostGroups, type Judged, meansNobody, spotOf, untoldHosts, untoldPods } from './judge-expect.ts'
import { passing } from './passing.ts'
import type { End, OnlyAssertion } from './policy-test.ts'
import type { PossiblePod } from './possible-pods.ts'
import { resolveEnd } from './resolve-end.ts'
import { resolveTarget, type Target, type TargetGroup } from './resolve-target.ts'
import type { World } from './world.ts'

interface Client {
  readonly end: End
  readonly set: EndSet
}

/** Exactly these clients: each of them on all ports that are said (without ports: on some), and nobody else on any. */
export function judgeOnly(world: World, assertion: OnlyAssertion): Judged | Refusal {
  const to = resolveTarget(world, assertion.to, assertion.ports, 'everything')
  if (to.kind === 'problem') return to
  const clients: Client[] = []
  const nobody = [...to.nobody]
  for (const end of assertion.clients) {
    const resolved = resolveEnd(world, end)
    if (resolved.kind === 'problem') return resolved
    clients.push({ end, set: resolved.set })
    for (const text of resolved.nobody) nobody.push(text)
  }
  // Who reaches pods that are not here, no rule of the input says.
  for (const { text } of absentPods(world, assertion.to)) nobody.push(text)
  if (isNobody(to)) nobody.push(assertion.to.text)
  if (nobody.length > 0) {
    return {
      kind: 'judged',
      findings: [...new Set(nobody)].map((text) => ({ kind: 'nobody', text: meansNobody(text) })),
    }
  }
  const listed = unionEnds(clients.map(({ set }) => set))
  const untold = untoldPods(world, [to.set, listed])
  if (untold.length > 0) return { kind: 'judged', findings: untold }
  const every = assertion.ports !== undefined
  const findings = [
    ...clients.flatMap((client) => missingClients(world, client, to, every)),
    ...to.groups.flatMap((group) => [
      ...otherClients(world, listed, group),
      ...(assertion.pods === 'possible' ? possibleClients(world, listed, group) : []),
    ]),
    ...toHosts(to),
    ...toAddresses(world, listed, to),
  ]
  return { kind: 'judged', findings }
}

/** Of no group, no host and no address anything could be found. */
function isNobody({ groups, hosts, outside }: Target): boolean {
  return groups.length + hosts.size + outside.length === 0
}

/** Listed, and not let in. */
function missingClients(world: World, { end, set }: Client, to: Target, every: boolean): readonly Finding[] {
  const sources = [...groupPods(world, set.pods), ...hostGroups(world, set.hosts)]
  const absent = absentPods(world, end)
  const findings: Finding[] = []
  for (const target of to.groups) {
    for (const source of sources) {
      // A workload need not reach itself for being among many.
      const pair =
        isAmongOthers(set, target) && source.behaviour === target.behaviour ? undefined : pairOf(source, target)
      const found = pair && missingPair(world, pair, target.ports, every)
      if (found !== undefined) findings.push(found)
    }
    for (const { spot, ports } of deniedOutside(world, set, target, every)) {
      const [pod] = target.members
      if (pod === undefined) continue
      findings.push({ kind: 'connection', wanted: 'allow', from: spot, to: spotOf(pod), ports })
    }
    const refused = absent.flatMap((possible) => (admitsAbsent(possible, target, every) ? [] : [possible.text]))
    for (const text of new Set(refused)) findings.push({ kind: 'untold', text: `${text}: no rule lets such a pod in` })
  }
  for (const { members } of groupPods(world, set.pods)) {
    const [pod] = members
    for (const { spot, ports } of deniedAddresses(world, members, 'egress', to.outside)) {
      if (pod !== undefined) findings.push({ kind: 'connection', wanted: 'allow', from: spotOf(pod), to: spot, ports })
    }
  }
  return findings
}

/** Are the target's pods listed with others, rather than by themselves? */
function isAmongOthers({ pods }: EndSet, { members: [pod] }: TargetGroup): boolean {
  if (pod === undefined || !pods.has(pod)) return false
  const nameOfWorkload = (one: GraphPod): string => nameOf(one, true)
  return [...pods].some((one) => nameOfWorkload(one) !== nameOfWorkload(pod))
}

function missingPair(
  world: World,
  [from, to]: readonly [GraphPod, GraphPod],
  wanted: PortSet,
  every: boolean,
): Finding | undefined {
  const isMissing = (allowed: PortSet): boolean =>
    every ? !isNoPort(subtractPortSets(wanted, allowed)) : isNoPort(intersectPortSets(wanted, allowed))
  for (const { sure, possible } of passing(world, from, to)) {
    if (isMissing(possible)) {
      const ports = subtractPortSets(wanted, possible)
      return { kind: 'connection', wanted: 'allow', from: spotOf(from), to: spotOf(to), ports }
    }
    if (isMissing(sure)) return { kind: 'untold', text: untoldHosts(from, to) }
  }
  return undefined
}

/** Without ports, an address is let in when it is on some port. */
function deniedOutside(
  world: World,
  { outside }: EndSet,
  { members, ports }: TargetGroup,
  every: boolean,
): readonly AddressPorts[] {
  const asked = FAMILIES.map((family) => ({ family, ranges: outside[family], ports }))
  const some = asked.filter(({ ranges }) => ranges.length > 0)
  return (every ? deniedAddresses : unreachedAddresses)(world, members, 'ingress', some)
}

/** A pod with just the labels of the selector. */
function admitsAbsent(possible: PossiblePod, { members: [pod], ports }: TargetGroup, every: boolean): boolean {
  if (pod === undefined) return false
  const granted = grantedTo(pod, 'ingress', possible, pod.pod.ports)
  return every ? isNoPort(subtractPortSets(ports, granted)) : !isNoPort(intersectPortSets(ports, granted))
}

/** Everybody else who would come in. */
function otherClients(world: World, listed: EndSet, target: TargetGroup): readonly Finding[] {
  const findings: Finding[] = []
  const [subject] = target.members
  if (subject === undefined) return []
  for (const behaviour of world.reach.sources(subject)) {
    const source = { behaviour, members: behaviour.members.filter((pod) => isOther(world, listed, pod)) }
    const pair = pairOf(source, target)
    if (pair === undefined) continue
    for (const { sure } of passing(world, pair[0], pair[1])) {
      const ports = intersectPortSets(sure, target.ports)
      if (isNoPort(ports)) continue
      findings.push({ kind: 'connection', wanted: 'deny', from: spotOf(pair[0]), to: spotOf(pair[1]), ports })
      break
    }
  }
  const all = FAMILIES.map((family) => ({ family, ranges: listed.outside[family], ports: EVERY_PORT }))
  for (const { spot, ports } of furtherAddresses(world, target.members, 'ingress', all)) {
    const shared = intersectPortSets(ports, target.ports)
    if (isNoPort(shared)) continue
    findings.push({ kind: 'connection', wanted: 'deny', from: spot, to: spotOf(subject), ports: shared })
  }
  return findings
}

/** Who is on the network of a node is an address to policy, and none of the pods. */
function isOther(world: World, listed: EndSet, pod: GraphPod): boolean {
  return !pod.pod.hostNetwork && !listed.pods.has(pod) && !world.isAssumed(pod)
}

function possibleClients(world: World, listed: EndSet, target: TargetGroup): readonly Finding[] {
  const [subject] = target.members
  if (subject === undefined) return []
  return world.possibleOf(subject.ingress).flatMap(({ group, pods, ports }): readonly Finding[] => {
    const shared = intersectPortSets(ports, target.ports)
    const possible = isNoPort(shared) ? undefined : pods.find((pod) => !listed.covers(pod))
    return possible === undefined
      ? []
      : [{ kind: 'possible', subject, direction: 'ingress', group, possible, ports: shared }]
  })
}

/** No policy governs a pod on the network of its node. */
function toHosts(to: Target): readonly Finding[] {
  return [...to.hosts.keys()].map((host): Finding => {
    const text = `${nameOf(host, false)} is on the network of its node: who reaches it cannot be told from policies`
    return { kind: 'untold', text }
  })
}

/** Who reaches addresses of nobody. */
function toAddresses(world: World, listed: EndSet, to: Target): readonly Finding[] {
  if (to.outside.length === 0) return []
  return world.reach.behaviours.flatMap(({ members }) => {
    const others = members.filter((pod) => !listed.pods.has(pod) && !world.isAssumed(pod))
    const [pod] = others
    if (pod === undefined) return []
    return allowedAddresses(world, others, 'egress', to.outside).map(
      ({ spot, ports }): Finding => ({ kind: 'connection', wanted: 'deny', from: spotOf(pod), to: spot, ports }),
    )
  })
}
